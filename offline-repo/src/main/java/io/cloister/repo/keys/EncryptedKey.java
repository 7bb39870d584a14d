package io.cloister.repo.keys;

import java.io.IOException;
import java.security.Provider;
import java.security.SecureRandom;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.crypto.util.PBKDF2Config;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfoBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEInputDecryptorProviderBuilder;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEOutputEncryptorBuilder;

/**
 * PKCS#8 under a passphrase (RFC 5958 §3): written with PBES2, PBKDF2-HMAC-SHA256 and AES-256 (RFC
 * 8018 §6.2), read in whatever form Bouncy Castle knows, scrypt included.
 */
public final class EncryptedKey {
  private static final String PEM_LABEL = "ENCRYPTED PRIVATE KEY";

  /** OWASP's figure of 2023 for this function; about half a second. */
  private static final int ITERATIONS = 600_000;

  private static final Provider PROVIDER = new BouncyCastleProvider();

  private EncryptedKey() {}

  /** Does not fit, or the file is damaged: from outside the two look alike. */
  public static final class WrongPassphraseException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private WrongPassphraseException(Throwable cause) {
      super("the passphrase does not fit, or the file is damaged", cause);
    }
  }

  /** Whether a text holds a key under a passphrase. */
  public static boolean isIn(String pem) {
    return pem.contains("-----BEGIN " + PEM_LABEL + "-----");
  }

  /** As a PEM block. */
  public static String encodePem(byte[] pkcs8, char[] passphrase, SecureRandom random) {
    return Pem.encode(encrypt(pkcs8, passphrase, random), PEM_LABEL);
  }

  private static byte[] encrypt(byte[] pkcs8, char[] passphrase, SecureRandom random) {
    try {
      return new PKCS8EncryptedPrivateKeyInfoBuilder(PrivateKeyInfo.getInstance(pkcs8))
          .build(
              new JcePKCSPBEOutputEncryptorBuilder(
                      new PBKDF2Config.Builder()
                          .withPRF(PBKDF2Config.PRF_SHA256)
                          .withIterationCount(ITERATIONS)
                          .build(),
                      NISTObjectIdentifiers.id_aes256_CBC)
                  .setProvider(PROVIDER)
                  .setRandom(random)
                  .build(passphrase))
          .getEncoded();
    } catch (OperatorCreationException | IOException e) {
      throw new IllegalStateException("Bouncy Castle has PBES2 with AES-256", e);
    }
  }

  /**
   * PKCS#8, from the PEM block in a text. Throws WrongPassphraseException, or
   * IllegalArgumentException where there is no such block.
   */
  public static byte[] decryptPem(String pem, char[] passphrase) {
    byte[] encrypted =
        Pem.find(pem, PEM_LABEL)
            .orElseThrow(() -> new IllegalArgumentException("no PEM block " + PEM_LABEL));
    try {
      return new PKCS8EncryptedPrivateKeyInfo(encrypted)
          .decryptPrivateKeyInfo(
              new JcePKCSPBEInputDecryptorProviderBuilder().setProvider(PROVIDER).build(passphrase))
          .getEncoded();
    } catch (PKCSException | IOException | RuntimeException e) {
      // Bouncy Castle throws whatever the garbage that a wrong passphrase makes leads to.
      throw new WrongPassphraseException(e);
    }
  }
}
