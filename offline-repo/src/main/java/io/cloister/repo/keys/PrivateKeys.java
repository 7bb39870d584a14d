package io.cloister.repo.keys;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Reads private keys, and finds the public half that PKCS#8 need not hold. */
final class PrivateKeys {
  /** RFC 5915 §3: how the optional public key of 65 bytes begins at the end of a P-256 key. */
  private static final byte[] P256_PUBLIC = HexFormat.of().parseHex("a144034200");

  private static final int P256_POINT_BYTES = 65;
  private static final int P256_BITS = 256;

  /** RFC 9881 §6: an ML-DSA-87 key that is a seed of 32 bytes, and one that is seed and key. */
  private static final List<byte[]> ML_DSA_SEEDS =
      List.of(
          HexFormat.of().parseHex("3034020100300b060960864801650304031304228020"),
          HexFormat.of().parseHex("3082135e020100300b06096086480165030403130482134a308213460420"));

  private static final int SEED_BYTES = 32;

  private PrivateKeys() {}

  /** Throws IllegalArgumentException with the reason. */
  static SigningKey parse(byte[] pkcs8, Optional<byte[]> publicHalf) {
    for (byte[] head : ML_DSA_SEEDS) {
      // OpenSSL writes the seed, the JDK reads only the key that is made of it.
      int end = head.length + SEED_BYTES;
      if (pkcs8.length >= end && Arrays.equals(pkcs8, 0, head.length, head, 0, head.length)) {
        byte[] seed = Arrays.copyOfRange(pkcs8, head.length, end);
        return SigningKey.generate(KeyKind.ML_DSA_87, new FixedRandom(seed));
      }
    }
    return parseWhole(pkcs8, publicHalf);
  }

  private static SigningKey parseWhole(byte[] pkcs8, Optional<byte[]> publicHalf) {
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
      case ED25519 -> {
        // The JDK computes a public key only while generating, from 32 random bytes: the seed.
        byte[] seed = ((EdECPrivateKey) secret).getBytes().orElseThrow();
        yield SigningKey.generate(kind, new FixedRandom(seed)).verifying();
      }
      case RSA -> fromCrt((RSAPrivateCrtKey) secret);
      case ECDSA -> fromEnd((ECPrivateKey) secret, pkcs8);
      case ML_DSA_87 -> throw noPublicHalf();
    };
  }

  private static VerifyingKey fromCrt(RSAPrivateCrtKey secret) throws GeneralSecurityException {
    RSAPublicKeySpec half = new RSAPublicKeySpec(secret.getModulus(), secret.getPublicExponent());
    return VerifyingKey.of(
        KeyKind.RSA, KeyFactory.getInstance("RSA").generatePublic(half).getEncoded());
  }

  /** OpenSSL puts it there, the JDK does not read it. */
  private static VerifyingKey fromEnd(ECPrivateKey secret, byte[] pkcs8) {
    if (secret.getParams().getCurve().getField().getFieldSize() != P256_BITS) {
      throw new IllegalArgumentException("the curve is not P-256");
    }
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
}
