package io.cloister.repo.keys;

import io.cloister.repo.metadata.Key;

/** Public keys as they travel: one PEM block {@code PUBLIC KEY} (RFC 7468 §13). */
public final class PublicKeys {
  private PublicKeys() {}

  /** Throws IllegalArgumentException with the reason. */
  public static Key parsePem(String pem) {
    byte[] encoded =
        Pem.find(pem, VerifyingKey.PEM_LABEL)
            .orElseThrow(
                () -> new IllegalArgumentException("no PEM block " + VerifyingKey.PEM_LABEL));
    for (KeyKind kind : KeyKind.values()) {
      try {
        return VerifyingKey.of(kind, encoded).toKey();
      } catch (IllegalArgumentException e) {
        // Another kind; the next one is tried.
      }
    }
    throw new IllegalArgumentException("not an Ed25519, P-256, RSA or ML-DSA-87 public key");
  }

  /** Throws IllegalArgumentException for a key that this program cannot use. */
  public static String encodePem(Key key) {
    return Pem.encode(VerifyingKey.parse(key).key().getEncoded(), VerifyingKey.PEM_LABEL);
  }
}
