package io.cloister.repo.keys;

import java.security.SecureRandom;

/** Not random at all: for functions of the JDK that take a seed or a salt in no other way. */
final class FixedRandom extends SecureRandom {
  private static final long serialVersionUID = 1L;

  private final byte[] fixed;

  FixedRandom(byte[] fixed) {
    this.fixed = fixed.clone();
  }

  /** Refuses another number of bytes: then something else is asked for than was meant. */
  @Override
  public void nextBytes(byte[] bytes) {
    if (bytes.length != fixed.length) {
      throw new IllegalStateException(
          "%d bytes are fixed, not %d".formatted(fixed.length, bytes.length));
    }
    System.arraycopy(fixed, 0, bytes, 0, bytes.length);
  }
}
