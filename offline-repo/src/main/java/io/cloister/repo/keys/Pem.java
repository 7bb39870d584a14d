package io.cloister.repo.keys;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** Text around DER (RFC 7468), strictly: one block of a label, nothing in it but Base64. */
public final class Pem {
  private static final int LINE_CHARACTERS = 64;

  private Pem() {}

  /** Throws IllegalArgumentException where a block is cut short, twice there or not Base64. */
  public static Optional<byte[]> find(String text, String label) {
    String begin = "-----BEGIN %s-----".formatted(label);
    String end = "-----END %s-----".formatted(label);
    int start = text.indexOf(begin);
    if (start < 0) {
      return Optional.empty();
    }
    int stop = text.indexOf(end, start + begin.length());
    if (stop < 0 || text.indexOf(begin, stop) >= 0) {
      throw new IllegalArgumentException("not one whole PEM block " + label);
    }
    String body = text.substring(start + begin.length(), stop).replaceAll("\\s", "");
    return Optional.of(Base64.getDecoder().decode(body));
  }

  public static String encode(byte[] der, String label) {
    byte[] newline = "\n".getBytes(StandardCharsets.US_ASCII);
    String body = Base64.getMimeEncoder(LINE_CHARACTERS, newline).encodeToString(der);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, body, label);
  }
}
