package io.cloister.repo.keys;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** Reads private keys, and finds the public half that PKCS#8 need not hold. */
final class PrivateKeys {
  /** RFC 5915 §3: how the optional public key of 65 bytes begins at the end of a P-256 key. */
  private static final byte[] P256_PUBLIC = HexFormat.of().parseHex("a144034200");

  private static final int P256_POINT_BYTES = 65;

  private PrivateKeys() {}

  /** Throws IllegalArgumentException with the reason. */
  static SigningKey parse(byte[] pkcs8, Optional<byte[]> publicHalf) {
    for (KeyKind kind : KeyKind.values()) {
      try {
        PrivateKey secret =
            KeyFactory.getInstance(kind.javaName()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        VerifyingKey verifying =
            publicHalf.isPresent()
                ? VerifyingKey.of(kind, publicHalf.get())
                : derive(kind, secret, pkcs8);
        return SigningKey.of(secret, verifying);
      } catch (InvalidKeySpecException e) {
        // Another kind; the next one is tried.
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("every JDK since 24 has " + kind, e);
      }
    }
    throw new IllegalArgumentException(
        "not an Ed25519, P-256, RSA or ML-DSA-87 key in PKCS#8, unencrypted");
  }

  private static VerifyingKey derive(KeyKind kind, PrivateKey secret, byte[] pkcs8)
      throws GeneralSecurityException {
    return switch (kind) {
      case ED25519 -> fromSeed(((EdECPrivateKey) secret).getBytes().orElseThrow());
      case RSA -> fromCrt((RSAPrivateCrtKey) secret);
      case ECDSA -> fromEnd(pkcs8);
      case ML_DSA_87 -> throw noPublicHalf();
    };
  }

  /** The JDK computes a public key only while generating, from 32 random bytes: the seed. */
  private static VerifyingKey fromSeed(byte[] seed) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(KeyKind.ED25519.javaName());
    generator.initialize(NamedParameterSpec.ED25519, new Seed(seed));
    return VerifyingKey.of(KeyKind.ED25519, generator.generateKeyPair().getPublic().getEncoded());
  }

  private static VerifyingKey fromCrt(RSAPrivateCrtKey secret) throws GeneralSecurityException {
    RSAPublicKeySpec half = new RSAPublicKeySpec(secret.getModulus(), secret.getPublicExponent());
    return VerifyingKey.of(
        KeyKind.RSA, KeyFactory.getInstance("RSA").generatePublic(half).getEncoded());
  }

  /** OpenSSL puts it there, the JDK does not read it. */
  private static VerifyingKey fromEnd(byte[] pkcs8) {
    int point = pkcs8.length - P256_POINT_BYTES;
    int mark = point - P256_PUBLIC.length;
    if (mark < 0 || !Arrays.equals(pkcs8, mark, point, P256_PUBLIC, 0, P256_PUBLIC.length)) {
      throw noPublicHalf();
    }
    return VerifyingKey.ofP256Point(Arrays.copyOfRange(pkcs8, point, pkcs8.length));
  }

  private static IllegalArgumentException noPublicHalf() {
    return new IllegalArgumentException(
        "it holds no public key; append it: openssl pkey -in KEY -pubout >> KEY");
  }

  private static final class Seed extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final byte[] seed;

    Seed(byte[] seed) {
      this.seed = seed.clone();
    }

    @Override
    public void nextBytes(byte[] bytes) {
      if (bytes.length != seed.length) {
        throw new IllegalStateException("Ed25519 asks for 32 bytes");
      }
      System.arraycopy(seed, 0, bytes, 0, bytes.length);
    }
  }
}
