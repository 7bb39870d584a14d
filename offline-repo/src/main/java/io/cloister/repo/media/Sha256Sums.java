package io.cloister.repo.media;

import io.cloister.repo.content.FileName;
import io.cloister.repo.metadata.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The list {@code SHA256SUMS} in the form that {@code sha256sum -c} reads: digest, two spaces,
 * name. It covers what TUF does not sign: README.txt, the bootstrap archive, and every metadata
 * file.
 *
 * @param digests by file name
 */
public record Sha256Sums(SortedMap<String, Sha256> digests) {
  public static final String FILE = "SHA256SUMS";
  public static final int BYTES_MAX = 1 << 20;

  private static final String SEPARATOR = "  ";
  private static final int DIGITS = 64;

  public Sha256Sums {
    digests = new TreeMap<>(digests);
  }

  /** Throws IllegalArgumentException with the line that breaks the form. */
  public static Sha256Sums parse(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    if (!text.endsWith("\n")) {
      throw new IllegalArgumentException("the last line is cut");
    }
    SortedMap<String, Sha256> digests = new TreeMap<>();
    int number = 0;
    for (String line : text.substring(0, text.length() - 1).split("\n", -1)) {
      number++;
      if (line.length() <= DIGITS || !line.startsWith(SEPARATOR, DIGITS)) {
        throw new IllegalArgumentException("line " + number + " is not a digest and a name");
      }
      String name = FileName.check(line.substring(DIGITS + SEPARATOR.length()));
      if (digests.put(name, new Sha256(line.substring(0, DIGITS))) != null) {
        throw new IllegalArgumentException("line " + number + " names a file twice");
      }
    }
    return new Sha256Sums(digests);
  }

  /** Ordered by name. */
  public byte[] encode() {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, Sha256> line : digests.entrySet()) {
      text.append(line.getValue()).append(SEPARATOR).append(line.getKey()).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
