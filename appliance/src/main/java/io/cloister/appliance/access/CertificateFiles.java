package io.cloister.appliance.access;

import io.cloister.appliance.config.DataKey;
import io.cloister.repo.content.DurableFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;

/**
 * The files {@code cert.pem} and {@code key.pem} (mode 0600) of one folder. The key is encrypted
 * where the host has a {@link DataKey} (PKCS#8, PBES2; RFC 5958 §3, RFC 8018 §6.2), and plain
 * elsewhere; a plain one that the site put there is read, too.
 */
public final class CertificateFiles {
  private static final Base64.Encoder PEM_LINES =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  private static final String ENCRYPTED = "ENCRYPTED PRIVATE KEY";
  private static final String PBES2 = "PBEWithHmacSHA256AndAES_256";

  /** Few: what is stretched are 32 random bytes, not a person's words. */
  private static final int ITERATIONS = 2048;

  private final Path certificateFile;
  private final Path keyFile;
  private final Optional<DataKey> dataKey;

  public CertificateFiles(Path folder, Optional<DataKey> dataKey) {
    this.dataKey = dataKey;
    this.certificateFile = folder.resolve("cert.pem");
    this.keyFile = folder.resolve("key.pem");
  }

  /** Reads both; empty when the certificate was not made yet. */
  public Optional<ServerCertificate> find() throws IOException, GeneralSecurityException {
    try {
      byte[] pem = Files.readAllBytes(certificateFile);
      CertificateFactory x509 = CertificateFactory.getInstance("X.509");
      X509Certificate certificate =
          (X509Certificate) x509.generateCertificate(new ByteArrayInputStream(pem));
      return Optional.of(new ServerCertificate(certificate, readKey()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private PrivateKey readKey() throws IOException, GeneralSecurityException {
    String pem = Files.readString(keyFile, StandardCharsets.US_ASCII);
    String base64 = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
    try {
      byte[] der = Base64.getDecoder().decode(base64);
      return KeyFactory.getInstance("EC")
          .generatePrivate(pem.contains(ENCRYPTED) ? decrypted(der) : new PKCS8EncodedKeySpec(der));
    } catch (IllegalArgumentException e) {
      throw new GeneralSecurityException(keyFile + " is not a PEM private key", e);
    }
  }

  /** Keeps what is there, makes what is missing. The key is on the disk before the certificate. */
  public ServerCertificate findOrMake(HostNames names, Instant now, SecureRandom random)
      throws IOException, GeneralSecurityException {
    Optional<ServerCertificate> existing = find();
    if (existing.isPresent()) {
      return existing.get();
    }
    ServerCertificate made = ServerCertificate.selfSigned(names, now, random);
    byte[] pkcs8 = made.key().getEncoded();
    byte[] pem =
        dataKey.isPresent()
            ? pem(ENCRYPTED, encrypted(pkcs8, dataKey.get(), random))
            : pem("PRIVATE KEY", pkcs8);
    DurableFiles.write(keyFile, pem, "rw-------");
    DurableFiles.write(certificateFile, pem("CERTIFICATE", made.encoded()));
    return made;
  }

  private static byte[] encrypted(byte[] pkcs8, DataKey dataKey, SecureRandom random)
      throws GeneralSecurityException, IOException {
    byte[] salt = new byte[16];
    random.nextBytes(salt);
    Cipher cipher = Cipher.getInstance(PBES2);
    cipher.init(
        Cipher.ENCRYPT_MODE, secret(dataKey), new PBEParameterSpec(salt, ITERATIONS), random);
    // By the name of the whole scheme: that of this cipher has no object identifier.
    AlgorithmParameters scheme = AlgorithmParameters.getInstance("PBES2");
    scheme.init(cipher.getParameters().getEncoded());
    return new EncryptedPrivateKeyInfo(scheme, cipher.doFinal(pkcs8)).getEncoded();
  }

  private PKCS8EncodedKeySpec decrypted(byte[] der) throws GeneralSecurityException, IOException {
    DataKey given =
        dataKey.orElseThrow(
            () -> new GeneralSecurityException(keyFile + " is encrypted, and no key was given"));
    var encrypted = new EncryptedPrivateKeyInfo(der);
    Cipher cipher = Cipher.getInstance(PBES2);
    cipher.init(Cipher.DECRYPT_MODE, secret(given), encrypted.getAlgParameters());
    return encrypted.getKeySpec(cipher);
  }

  private static SecretKey secret(DataKey dataKey) throws GeneralSecurityException {
    return SecretKeyFactory.getInstance(PBES2)
        .generateSecret(new PBEKeySpec(dataKey.hex().toCharArray()));
  }

  private static byte[] pem(String label, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(label, PEM_LINES.encodeToString(der), label)
        .getBytes(StandardCharsets.US_ASCII);
  }
}
