package io.cloister.appliance.access;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** The certificate both listeners show, and its private key. */
public record ServerCertificate(X509Certificate certificate, PrivateKey key) {
  /** A site without a network has no one to renew it; the site's own certificate may replace it. */
  private static final Duration VALIDITY = Duration.ofDays(3650);

  /** Host clocks inside the gap drift: a client somewhat behind must still accept it. */
  private static final Duration CLOCK_TOLERANCE = Duration.ofDays(1);

  private static final int SERIAL_BITS = 127;

  /** Signs a new P-256 certificate of its own for these host names and addresses. */
  static ServerCertificate selfSigned(HostNames names, Instant now, SecureRandom random)
      throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), random);
    KeyPair pair = generator.generateKeyPair();
    try {
      var signer =
          new JcaContentSignerBuilder("SHA256withECDSA")
              .setSecureRandom(random)
              .build(pair.getPrivate());
      X509v3CertificateBuilder unsigned = unsigned(names, now, pair, random);
      return new ServerCertificate(
          new JcaX509CertificateConverter().getCertificate(unsigned.build(signer)),
          pair.getPrivate());
    } catch (OperatorCreationException | CertIOException e) {
      throw new GeneralSecurityException("the server certificate could not be made", e);
    }
  }

  private static X509v3CertificateBuilder unsigned(
      HostNames names, Instant now, KeyPair pair, SecureRandom random) throws CertIOException {
    var subject = new X500NameBuilder().addRDN(BCStyle.O, "Cloister appliance").build();
    return new JcaX509v3CertificateBuilder(
            subject,
            new BigInteger(SERIAL_BITS, random).setBit(0),
            Date.from(now.minus(CLOCK_TOLERANCE)),
            Date.from(now.plus(VALIDITY)),
            subject,
            pair.getPublic())
        .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
        .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
        .addExtension(
            Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
        .addExtension(Extension.subjectAlternativeName, false, alternatives(names));
  }

  private static GeneralNames alternatives(HostNames names) {
    List<GeneralName> all = new ArrayList<>();
    names.names().forEach(name -> all.add(new GeneralName(GeneralName.dNSName, name)));
    names.addresses().forEach(ip -> all.add(new GeneralName(GeneralName.iPAddress, ip)));
    return new GeneralNames(all.toArray(GeneralName[]::new));
  }

  /** SHA-256 of the certificate as browsers and openssl show it: {@code AA:BB:…}. */
  public String fingerprint() {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate that was parsed has an encoding", e);
    }
  }

  byte[] encoded() throws CertificateEncodingException {
    return certificate.getEncoded();
  }
}
