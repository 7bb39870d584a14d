package io.cloister.repo.metadata;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A SHA-256 digest (FIPS 180-4), as 64 lower-case hexadecimal digits. */
public record Sha256(String hex) {
  /** Refuses everything but 64 lower-case hexadecimal digits. */
  public Sha256 {
    if (!isLowerHex(hex, 64)) {
      throw new IllegalArgumentException("not 64 lower-case hexadecimal digits: " + shortened(hex));
    }
  }

  public static Sha256 of(byte[] bytes) {
    return of(bytes, 0, bytes.length);
  }

  /** Of a part of an array. */
  public static Sha256 of(byte[] bytes, int offset, int length) {
    MessageDigest digest = digest();
    digest.update(bytes, offset, length);
    return of(digest);
  }

  /** What the digest has seen; resets it. */
  public static Sha256 of(MessageDigest digest) {
    return new Sha256(HexFormat.of().formatHex(digest.digest()));
  }

  /** A fresh digest of the JDK: other providers are several times slower. */
  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Upper case would be a second spelling of the same value: one flipped bit, unnoticed. */
  public static boolean isLowerHex(String text, int length) {
    return text.length() == length
        && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }

  /** Where a file of this digest lies: {@code ab/abcdef…} below a folder with its last slash. */
  public String below(String folder) {
    return folder + hex.substring(0, 2) + "/" + hex;
  }

  private static String shortened(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }

  /** Written out: what a record has by itself is linked anew in every start of the service. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Sha256 sha256 && hex.equals(sha256.hex);
  }

  @Override
  public int hashCode() {
    return hex.hashCode();
  }

  @Override
  public String toString() {
    return hex;
  }
}
