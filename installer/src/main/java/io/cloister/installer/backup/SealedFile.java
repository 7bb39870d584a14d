package io.cloister.installer.backup;

import io.cloister.installer.InstallRefusal.BackupDamaged;
import io.cloister.installer.InstallRefusal.BackupPassphrase;
import io.cloister.installer.InstallRefusedException;
import io.cloister.repo.content.DurableFiles;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.Provider;
import java.security.SecureRandom;
import java.util.Collection;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cms.CMSAlgorithm;
import org.bouncycastle.cms.CMSAuthEnvelopedData;
import org.bouncycastle.cms.CMSAuthEnvelopedDataGenerator;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.PasswordRecipient;
import org.bouncycastle.cms.PasswordRecipientInformation;
import org.bouncycastle.cms.jcajce.JceCMSContentEncryptorBuilder;
import org.bouncycastle.cms.jcajce.JcePasswordAuthEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JcePasswordRecipientInfoGenerator;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OutputAEADEncryptor;

/**
 * Bytes under a passphrase: CMS AuthEnvelopedData (RFC 5083, RFC 5084: AES-256-GCM) for one
 * recipient who knows a password (RFC 5652 §6.2.4, RFC 3211: PBKDF2-HMAC-SHA256, AES-256). The
 * whole is authenticated before a byte of it is given out.
 *
 * @param path where it lies
 */
public record SealedFile(Path path) {
  /** OWASP's figure of 2023 for this function; about half a second. */
  private static final int ITERATIONS = 600_000;

  /** Of a file from elsewhere: more would only keep the machine busy. */
  private static final int ITERATIONS_MAX = 10_000_000;

  private static final long BYTES_MAX = 128L << 20;
  private static final int SALT_BYTES = 16;
  private static final Provider PROVIDER = new BouncyCastleProvider();

  /** Whether something has its name, a link that leads nowhere included. */
  public boolean exists() {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Writes it for its owner alone, forced, whole or not at all.
   *
   * @throws FileAlreadyExistsException something is there already
   */
  public void write(byte[] content, char[] passphrase, SecureRandom random) throws IOException {
    byte[] sealed = seal(content, passphrase, random);
    DurableFiles.putNew(path, out -> out.write(sealed));
  }

  private static byte[] seal(byte[] content, char[] passphrase, SecureRandom random)
      throws IOException {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    var generator = new CMSAuthEnvelopedDataGenerator();
    generator.addRecipientInfoGenerator(
        new JcePasswordRecipientInfoGenerator(CMSAlgorithm.AES256_CBC, passphrase)
            .setProvider(PROVIDER)
            .setSecureRandom(random)
            .setPRF(PasswordRecipient.PRF.HMacSHA256)
            .setPasswordConversionScheme(PasswordRecipient.PKCS5_SCHEME2_UTF8)
            .setSaltAndIterationCount(salt, ITERATIONS));
    try {
      var encryptor =
          new JceCMSContentEncryptorBuilder(CMSAlgorithm.AES256_GCM)
              .setProvider(PROVIDER)
              .setSecureRandom(random)
              .build();
      return generator
          .generate(new CMSProcessableByteArray(content), (OutputAEADEncryptor) encryptor)
          .getEncoded();
    } catch (CMSException e) {
      throw new IllegalStateException("Bouncy Castle has AES-256-GCM", e);
    }
  }

  /** Opens it; refuses another passphrase, and a file of which anything was changed. */
  public byte[] read(char[] passphrase) throws IOException, InstallRefusedException {
    if (Files.size(path) > BYTES_MAX) {
      throw damaged("over " + BYTES_MAX + " bytes");
    }
    PasswordRecipientInformation recipient = recipient(Files.readAllBytes(path));
    var keys = new JcePasswordAuthEnvelopedRecipient(passphrase);
    keys.setProvider(PROVIDER).setPasswordConversionScheme(PasswordRecipient.PKCS5_SCHEME2_UTF8);
    try {
      return recipient.getContent(keys);
    } catch (CMSException | RuntimeException e) {
      // The wrapped key has a check of its own (RFC 3211 §2.3.2): before it, nothing was opened.
      if (e.getCause() instanceof InvalidKeyException) {
        throw new InstallRefusedException(new BackupPassphrase(path));
      }
      throw damaged("its content does not fit its authentication tag");
    }
  }

  private PasswordRecipientInformation recipient(byte[] sealed) throws InstallRefusedException {
    try {
      Collection<?> recipients =
          new CMSAuthEnvelopedData(sealed).getRecipientInfos().getRecipients();
      if (recipients.size() == 1
          && recipients.iterator().next() instanceof PasswordRecipientInformation recipient
          && derivesAsOurs(recipient.getKeyDerivationAlgorithm())) {
        return recipient;
      }
    } catch (CMSException | RuntimeException e) {
      // Bouncy Castle throws whatever the garbage leads to.
      throw damaged("it is not the CMS file that cloister backup writes");
    }
    throw damaged("it is sealed in another way than cloister backup does");
  }

  private static boolean derivesAsOurs(AlgorithmIdentifier derivation) {
    BigInteger iterations =
        PBKDF2Params.getInstance(derivation.getParameters()).getIterationCount();
    return derivation.getAlgorithm().equals(PKCSObjectIdentifiers.id_PBKDF2)
        && iterations.signum() > 0
        && iterations.compareTo(BigInteger.valueOf(ITERATIONS_MAX)) <= 0;
  }

  private InstallRefusedException damaged(String fault) {
    return new InstallRefusedException(new BackupDamaged(path, fault));
  }
}
