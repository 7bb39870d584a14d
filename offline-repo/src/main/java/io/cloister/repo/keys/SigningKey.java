package io.cloister.repo.keys;

import io.cloister.repo.metadata.Key;
import io.cloister.repo.metadata.Signature;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.HexFormat;
import java.util.Optional;

/** A private key and its public half. */
public final class SigningKey {
  private static final String PEM_LABEL = "PRIVATE KEY";
  private static final int RSA_BITS = 3072;

  private final KeyKind kind;
  private final PrivateKey secret;
  private final VerifyingKey verifying;
  private final Key key;
  private final Optional<Provider> token;

  private SigningKey(PrivateKey secret, VerifyingKey verifying, Optional<Provider> token) {
    this.token = token;
    this.kind = verifying.kind();
    this.secret = secret;
    this.verifying = verifying;
    this.key = verifying.toKey();
  }

  /** A new key of the usual kind, Ed25519. */
  public static SigningKey generate(SecureRandom random) {
    return generate(KeyKind.ED25519, random);
  }

  /** A new key. */
  public static SigningKey generate(KeyKind kind, SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(kind.javaName());
      generator.initialize(parameters(kind), random);
      KeyPair pair = generator.generateKeyPair();
      return new SigningKey(
          pair.getPrivate(),
          VerifyingKey.of(kind, pair.getPublic().getEncoded()),
          Optional.empty());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK since 24 has " + kind, e);
    }
  }

  private static AlgorithmParameterSpec parameters(KeyKind kind) {
    return switch (kind) {
      case ED25519 -> NamedParameterSpec.ED25519;
      case ECDSA -> new ECGenParameterSpec("secp256r1");
      case RSA -> new RSAKeyGenParameterSpec(RSA_BITS, RSAKeyGenParameterSpec.F4);
      case ML_DSA_87 -> NamedParameterSpec.ML_DSA_87;
    };
  }

  /**
   * From PKCS#8 PEM, unencrypted, as {@code openssl genpkey} writes it too; a block {@code PUBLIC
   * KEY} may follow, and must where the public half cannot be had from the private one. Throws
   * IllegalArgumentException with the reason.
   */
  public static SigningKey parsePem(String pem) {
    byte[] der =
        Pem.find(pem, PEM_LABEL)
            .orElseThrow(() -> new IllegalArgumentException("no PEM block " + PEM_LABEL));
    return parse(der, pem);
  }

  /**
   * Likewise, from PKCS#8 under a passphrase. Throws IllegalArgumentException with the reason, a
   * passphrase that does not fit among them.
   */
  public static SigningKey parsePem(String pem, char[] passphrase) {
    return parse(EncryptedKey.decryptPem(pem, passphrase), pem);
  }

  private static SigningKey parse(byte[] der, String pem) {
    SigningKey key = PrivateKeys.parse(der, Pem.find(pem, VerifyingKey.PEM_LABEL));
    key.checkFits();
    return key;
  }

  /** Before a key is used: two halves that do not belong together make signatures for nothing. */
  void checkFits() {
    byte[] probe = "Does the public half fit?".getBytes(StandardCharsets.US_ASCII);
    try {
      verifying.verify(probe, sign(probe).sig());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the public key is not that of the private key", e);
    }
  }

  static SigningKey of(PrivateKey secret, VerifyingKey verifying) {
    return new SigningKey(secret, verifying, Optional.empty());
  }

  /**
   * @param token which alone can use the private key
   */
  static SigningKey onToken(PrivateKey secret, VerifyingKey verifying, Provider token) {
    return new SigningKey(secret, verifying, Optional.of(token));
  }

  VerifyingKey verifying() {
    return verifying;
  }

  /** PKCS#8 PEM, and the public half. */
  public String encodePem() {
    return Pem.encode(secret.getEncoded(), PEM_LABEL) + publicPem();
  }

  /** PKCS#8 PEM under a passphrase, and the public half. */
  public String encodePem(char[] passphrase, SecureRandom random) {
    return EncryptedKey.encodePem(secret.getEncoded(), passphrase, random) + publicPem();
  }

  private String publicPem() {
    return Pem.encode(verifying.key().getEncoded(), VerifyingKey.PEM_LABEL);
  }

  /** The public half. */
  public Key key() {
    return key;
  }

  /** The same for the same message, but for keys on a token. */
  public Signature sign(byte[] message) {
    try {
      byte[] signature =
          token.isPresent()
              ? signOn(token.get(), message)
              : RepeatableSignature.of(kind, secret, message);
      return new Signature(key.id(), HexFormat.of().formatHex(signature));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("this %s key does not sign".formatted(kind), e);
    }
  }

  /** It draws its own random numbers. */
  private byte[] signOn(Provider provider, byte[] message) throws GeneralSecurityException {
    String algorithm = kind == KeyKind.RSA ? "RSASSA-PSS" : "SHA256withECDSA";
    var signer = java.security.Signature.getInstance(algorithm, provider);
    signer.initSign(secret);
    if (kind == KeyKind.RSA) {
      signer.setParameter(VerifyingKey.pss(RepeatableSignature.RSA_SALT_BYTES));
    }
    signer.update(message);
    return signer.sign();
  }
}
