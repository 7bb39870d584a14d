package io.cloister.appliance.access;

import io.cloister.repo.content.DurableFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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

/** The files {@code cert.pem} and {@code key.pem} (mode 0600) of one folder. */
public final class CertificateFiles {
  private static final Base64.Encoder PEM_LINES =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  private final Path certificateFile;
  private final Path keyFile;

  public CertificateFiles(Path folder) {
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
      byte[] pkcs8 = Base64.getDecoder().decode(base64);
      return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
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
    DurableFiles.write(keyFile, pem("PRIVATE KEY", made.key().getEncoded()), "rw-------");
    DurableFiles.write(certificateFile, pem("CERTIFICATE", made.encoded()));
    return made;
  }

  private static byte[] pem(String label, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(label, PEM_LINES.encodeToString(der), label)
        .getBytes(StandardCharsets.US_ASCII);
  }
}
