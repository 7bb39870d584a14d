package io.cloister.repo.keys;

import io.cloister.repo.metadata.Key;
import java.util.Arrays;
import java.util.Optional;

/** The kinds of keys that this program signs and verifies with (TUF 1.0.34 §4.2.2, FIPS 204). */
public enum KeyKind {
  /** RFC 8032. */
  ED25519("ed25519", "ed25519", "Ed25519"),
  /** FIPS 186-5 over P-256 with SHA-256; signatures in DER. */
  ECDSA("ecdsa", "ecdsa-sha2-nistp256", "EC"),
  /** RFC 8017 §8.1 with SHA-256 and MGF1 of it; 2048 bits or more. */
  RSA("rsa", "rsassa-pss-sha256", "RSA"),
  /** FIPS 204, pure, no context; TUF names no such kind yet, so its name is ours. */
  ML_DSA_87("ml-dsa-87", "ml-dsa-87", "ML-DSA-87");

  private final String keytype;
  private final String scheme;
  private final String javaName;

  KeyKind(String keytype, String scheme, String javaName) {
    this.keytype = keytype;
    this.scheme = scheme;
    this.javaName = javaName;
  }

  /** The kind of a key in metadata; empty where this program cannot use it. */
  public static Optional<KeyKind> find(Key key) {
    // The reference implementation named both fields of an ECDSA key alike until 2021.
    String keytype = key.keytype().equals(ECDSA.scheme) ? ECDSA.keytype : key.keytype();
    return Arrays.stream(values())
        .filter(each -> each.keytype.equals(keytype) && each.scheme.equals(key.scheme()))
        .findFirst();
  }

  /** Whether a quantum computer leaves its signatures sound. */
  public boolean isPostQuantum() {
    return this == ML_DSA_87;
  }

  String scheme() {
    return scheme;
  }

  /** Of the JDK's key factory and key pair generator. */
  String javaName() {
    return javaName;
  }

  /** As {@code keytype} spells it, and the command line. */
  @Override
  public String toString() {
    return keytype;
  }
}
