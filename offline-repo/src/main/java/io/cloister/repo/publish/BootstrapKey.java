package io.cloister.repo.publish;

import io.cloister.repo.keys.EncryptedKey;
import io.cloister.repo.keys.Pem;
import io.cloister.repo.media.Sha256Sums;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.cms.Time;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.DefaultSignedAttributeTableGenerator;
import org.bouncycastle.cms.SignerInfoGeneratorBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.bc.BcDigestCalculatorProvider;

/**
 * A key and its certificate, for what is checked before anything of ours runs: {@code openssl cms
 * -verify} over {@code SHA256SUMS}. The certificate is trusted by its fingerprint alone, which the
 * vendor's letter states; so it is self-signed and has no end (RFC 5280 §4.1.2.5).
 */
public final class BootstrapKey {
  private static final Instant NO_END = Instant.parse("9999-12-31T23:59:59Z");
  private static final int SERIAL_BITS = 127;
  private static final String SECRET_LABEL = "PRIVATE KEY";
  private static final String CERTIFICATE_LABEL = "CERTIFICATE";
  private static final Provider PROVIDER = new BouncyCastleProvider();

  private final PrivateKey secret;
  private final X509CertificateHolder certificate;

  private BootstrapKey(PrivateKey secret, X509CertificateHolder certificate) {
    this.secret = secret;
    this.certificate = certificate;
  }

  /** A new key, whose certificate names the vendor. */
  public static BootstrapKey generate(
      BootstrapAlgorithm algorithm, String vendor, Instant now, SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm.family(), PROVIDER);
      generator.initialize(parameters(algorithm), random);
      KeyPair pair = generator.generateKeyPair();
      X500Name name = new X500NameBuilder().addRDN(BCStyle.CN, vendor).build();
      BigInteger serial = new BigInteger(SERIAL_BITS, random);
      X509CertificateHolder certificate =
          new JcaX509v3CertificateBuilder(
                  name, serial, Date.from(now), Date.from(NO_END), name, pair.getPublic())
              .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
              .build(signer(algorithm, pair.getPrivate()));
      return new BootstrapKey(pair.getPrivate(), certificate);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("Bouncy Castle has " + algorithm, e);
    }
  }

  private static AlgorithmParameterSpec parameters(BootstrapAlgorithm algorithm) {
    return switch (algorithm) {
      case P384 -> new ECGenParameterSpec(algorithm.parameters());
      case ML_DSA_87 -> new NamedParameterSpec(algorithm.parameters());
    };
  }

  private static ContentSigner signer(BootstrapAlgorithm algorithm, PrivateKey secret)
      throws GeneralSecurityException {
    var signature = java.security.Signature.getInstance(algorithm.deterministic(), PROVIDER);
    signature.initSign(secret);
    return new DeterministicSigner(new ASN1ObjectIdentifier(algorithm.signatureId()), signature);
  }

  /**
   * From PEM: a certificate and its private key in PKCS#8, in any order. Throws
   * IllegalArgumentException with the reason.
   */
  static BootstrapKey parsePem(String pem) {
    return parse(block(pem, SECRET_LABEL), pem);
  }

  /** Likewise, the private key under a passphrase. */
  static BootstrapKey parsePem(String pem, char[] passphrase) {
    return parse(EncryptedKey.decryptPem(pem, passphrase), pem);
  }

  private static byte[] block(String pem, String label) {
    return Pem.find(pem, label)
        .orElseThrow(() -> new IllegalArgumentException("no PEM block " + label));
  }

  private static BootstrapKey parse(byte[] pkcs8, String pem) {
    try {
      var certificate = new X509CertificateHolder(block(pem, CERTIFICATE_LABEL));
      PrivateKey secret =
          KeyFactory.getInstance(algorithm(certificate).family(), PROVIDER)
              .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      BootstrapKey key = new BootstrapKey(secret, certificate);
      key.checkFits();
      return key;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException("not such a key and certificate: " + e.getMessage(), e);
    }
  }

  /** Before a key is used: what it signs, nobody could verify with another key's certificate. */
  private void checkFits() throws GeneralSecurityException, IOException {
    byte[] probe = "Does the certificate fit?".getBytes(StandardCharsets.US_ASCII);
    var signature = java.security.Signature.getInstance(algorithm().deterministic(), PROVIDER);
    signature.initSign(secret);
    signature.update(probe);
    byte[] signed = signature.sign();
    byte[] open = certificate.getSubjectPublicKeyInfo().getEncoded();
    signature.initVerify(
        KeyFactory.getInstance(algorithm().family(), PROVIDER)
            .generatePublic(new X509EncodedKeySpec(open)));
    signature.update(probe);
    if (!signature.verify(signed)) {
      throw new IllegalArgumentException("the certificate is not that of the private key");
    }
  }

  /** The private key and the certificate. */
  String encodePem() {
    return Pem.encode(secret.getEncoded(), SECRET_LABEL) + certificatePem();
  }

  /** Likewise, the private key under a passphrase. */
  String encodePem(char[] passphrase, SecureRandom random) {
    return EncryptedKey.encodePem(secret.getEncoded(), passphrase, random) + certificatePem();
  }

  /** What goes on the medium. */
  String certificatePem() {
    return Pem.encode(encodedCertificate(), CERTIFICATE_LABEL);
  }

  private byte[] encodedCertificate() {
    try {
      return certificate.getEncoded();
    } catch (IOException e) {
      throw new UncheckedIOException("a certificate has an encoding", e);
    }
  }

  public BootstrapAlgorithm algorithm() {
    return algorithm(certificate);
  }

  private static BootstrapAlgorithm algorithm(X509CertificateHolder certificate) {
    return BootstrapAlgorithm.of(certificate.getSignatureAlgorithm().getAlgorithm().getId());
  }

  /** On the medium, e.g. {@code vendor.p384.pem}. */
  String certificateFile() {
    return "vendor." + algorithm().label() + ".pem";
  }

  /** On the medium, e.g. {@code SHA256SUMS.p384.p7s}. */
  String signatureFile() {
    return Sha256Sums.FILE + "." + algorithm().label() + ".p7s";
  }

  /** As {@code openssl x509 -noout -fingerprint -sha256} prints it, for the vendor's letter. */
  public String fingerprint() {
    try {
      byte[] digest =
          java.security.MessageDigest.getInstance("SHA-256").digest(encodedCertificate());
      return java.util.HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** A detached CMS signature (RFC 5652) in DER; the same for the same content and time. */
  byte[] sign(byte[] content, Instant time) {
    Attribute signingTime =
        new Attribute(CMSAttributes.signingTime, new DERSet(new Time(Date.from(time))));
    try {
      CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
      generator.addSignerInfoGenerator(
          new SignerInfoGeneratorBuilder(new BcDigestCalculatorProvider())
              .setSignedAttributeGenerator(
                  new DefaultSignedAttributeTableGenerator(
                      new AttributeTable(new DERSet(signingTime))))
              .build(signer(algorithm(), secret), certificate));
      generator.addCertificate(certificate);
      return generator.generate(new CMSProcessableByteArray(content), false).getEncoded("DER");
    } catch (CMSException | OperatorCreationException | GeneralSecurityException e) {
      throw new IllegalArgumentException("the key does not sign", e);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
  }
}
