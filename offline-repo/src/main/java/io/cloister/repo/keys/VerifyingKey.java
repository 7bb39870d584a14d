package io.cloister.repo.keys;

import io.cloister.repo.metadata.Key;
import io.cloister.repo.metadata.Sha256;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.KeySpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A public key that this program can check signatures with. */
record VerifyingKey(KeyKind kind, PublicKey key) {
  static final String PEM_LABEL = "PUBLIC KEY";

  /** RFC 8410 §4: SubjectPublicKeyInfo of an Ed25519 key is this and the 32 raw bytes. */
  private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  /** RFC 5480 §2: SubjectPublicKeyInfo of a P-256 key is this and the 65 bytes of the point. */
  private static final byte[] P256_PREFIX =
      HexFormat.of().parseHex("3059301306072a8648ce3d020106082a8648ce3d030107034200");

  /** RFC 9881 §4: SubjectPublicKeyInfo of an ML-DSA-87 key is this and the 2592 raw bytes. */
  private static final byte[] ML_DSA_87_PREFIX =
      HexFormat.of().parseHex("30820a32300b060960864801650304031303820a2100");

  private static final int ED25519_BYTES = 32;
  private static final int P256_POINT_BYTES = 65;
  private static final int ML_DSA_87_BYTES = 2592;
  private static final int RSA_BITS_MIN = 2048;
  private static final int RSA_BITS_MAX = 8192;
  private static final int SHA256_BYTES = 32;
  private static final int SIGNATURE_DIGITS_MAX = 16_384;

  /** Throws IllegalArgumentException with the reason. */
  static VerifyingKey parse(Key key) {
    KeyKind kind =
        KeyKind.find(key)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "this program cannot check %s".formatted(key.scheme())));
    if (kind != KeyKind.ED25519) {
      return of(
          kind,
          Pem.find(key.publicValue(), PEM_LABEL)
              .orElseThrow(() -> new IllegalArgumentException("the key is not in PEM")));
    }
    if (!Sha256.isLowerHex(key.publicValue(), 2 * ED25519_BYTES)) {
      throw new IllegalArgumentException("the key is not 64 lower-case hexadecimal digits");
    }
    return of(kind, joined(ED25519_PREFIX, HexFormat.of().parseHex(key.publicValue())));
  }

  /**
   * From SubjectPublicKeyInfo in DER, strictly: a second encoding of a key would be a second key.
   * Throws IllegalArgumentException where it is no sound key.
   */
  static VerifyingKey of(KeyKind kind, byte[] encoded) {
    try {
      KeyFactory factory = KeyFactory.getInstance(kind.javaName());
      PublicKey key = factory.generatePublic(new X509EncodedKeySpec(encoded));
      check(key, encoded, kind, factory);
      return new VerifyingKey(kind, key);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the key is no public key of kind " + kind, e);
    }
  }

  /** P-256 from the uncompressed point of 65 bytes. */
  static VerifyingKey ofP256Point(byte[] point) {
    return of(KeyKind.ECDSA, joined(P256_PREFIX, point));
  }

  private static void check(PublicKey key, byte[] encoded, KeyKind kind, KeyFactory factory)
      throws GeneralSecurityException {
    boolean strict =
        switch (kind) {
          case ED25519 -> isPrefixed(encoded, ED25519_PREFIX, ED25519_BYTES);
          case ECDSA -> isPrefixed(encoded, P256_PREFIX, P256_POINT_BYTES);
          case ML_DSA_87 -> isPrefixed(encoded, ML_DSA_87_PREFIX, ML_DSA_87_BYTES);
          case RSA -> {
            RSAPublicKey rsa = (RSAPublicKey) key;
            int bits = rsa.getModulus().bitLength();
            if (bits < RSA_BITS_MIN || bits > RSA_BITS_MAX) {
              throw new IllegalArgumentException(
                  "an RSA key has %d to %d bits".formatted(RSA_BITS_MIN, RSA_BITS_MAX));
            }
            KeySpec numbers = new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent());
            yield Arrays.equals(encoded, factory.generatePublic(numbers).getEncoded());
          }
        };
    if (!strict) {
      throw new IllegalArgumentException(
          kind == KeyKind.ECDSA ? "the curve is not P-256" : "the key is not in DER");
    }
  }

  private static boolean isPrefixed(byte[] encoded, byte[] prefix, int rest) {
    return encoded.length == prefix.length + rest
        && Arrays.equals(encoded, 0, prefix.length, prefix, 0, prefix.length);
  }

  /** As metadata carries it. */
  Key toKey() {
    byte[] encoded = key.getEncoded();
    String value =
        kind == KeyKind.ED25519
            ? HexFormat.of().formatHex(encoded, ED25519_PREFIX.length, encoded.length)
            : Pem.encode(encoded, PEM_LABEL);
    return new Key(kind.toString(), kind.scheme(), value, Map.of());
  }

  /**
   * Throws IllegalArgumentException with the reason where the signature does not count.
   *
   * @param sig hexadecimal digits, lower case: upper case would be a second spelling
   */
  void verify(byte[] message, String sig) {
    if (sig.length() > SIGNATURE_DIGITS_MAX
        || sig.length() % 2 != 0
        || !Sha256.isLowerHex(sig, sig.length())) {
      throw new IllegalArgumentException("the signature is not lower-case hexadecimal digits");
    }
    if (!verifies(message, HexFormat.of().parseHex(sig))) {
      throw new IllegalArgumentException("the signature does not match");
    }
  }

  private boolean verifies(byte[] message, byte[] sig) {
    return switch (kind) {
      case ED25519, ML_DSA_87 -> verifies(kind.javaName(), List.of(), message, sig);
      case ECDSA -> verifies("SHA256withECDSA", List.of(), message, sig);
      case RSA ->
          saltLengths().anyMatch(salt -> verifies("RSASSA-PSS", List.of(pss(salt)), message, sig));
    };
  }

  /**
   * The specification leaves it open: signers take the digest's length, or all there is room for.
   */
  private Stream<Integer> saltLengths() {
    int encodedBytes = (((RSAPublicKey) key).getModulus().bitLength() + 6) / 8;
    return Stream.of(SHA256_BYTES, encodedBytes - SHA256_BYTES - 2);
  }

  static PSSParameterSpec pss(int saltBytes) {
    return new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, saltBytes, 1);
  }

  private boolean verifies(
      String algorithm, List<PSSParameterSpec> parameters, byte[] message, byte[] sig) {
    try {
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(key);
      for (PSSParameterSpec each : parameters) {
        verifier.setParameter(each);
      }
      verifier.update(message);
      return verifier.verify(sig);
    } catch (GeneralSecurityException e) {
      // A point that is not on the curve, a malformed signature: not valid, whatever the reason.
      return false;
    }
  }

  private static byte[] joined(byte[] prefix, byte[] rest) {
    byte[] joined = Arrays.copyOf(prefix, prefix.length + rest.length);
    System.arraycopy(rest, 0, joined, prefix.length, rest.length);
    return joined;
  }
}
