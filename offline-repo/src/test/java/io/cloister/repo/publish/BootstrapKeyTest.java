package io.cloister.repo.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BootstrapKeyTest {
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private static final byte[] SUMS = "00  README.txt\n".getBytes(StandardCharsets.US_ASCII);

  @TempDir private Path folder;

  private static BootstrapKey key(BootstrapAlgorithm algorithm) {
    return BootstrapKey.generate(algorithm, "Example Vendor", NOW, new SecureRandom());
  }

  @ParameterizedTest
  @EnumSource
  void signsTheSameContentWithTheSameBytesAlsoAfterTheKeyWasWrittenAndRead(
      BootstrapAlgorithm algorithm) {
    BootstrapKey key = key(algorithm);
    BootstrapKey read = BootstrapKey.parsePem(key.encodePem());
    assertThat(read.sign(SUMS, NOW)).isEqualTo(key.sign(SUMS, NOW));
    assertThat(read.fingerprint()).isEqualTo(key.fingerprint()).hasSize(32 * 3 - 1);
  }

  @ParameterizedTest
  @EnumSource
  void isVerifiedByOpensslWhereItIsNewEnough(BootstrapAlgorithm algorithm) throws Exception {
    BootstrapKey key = key(algorithm);
    Files.write(folder.resolve("SUMS"), SUMS);
    Files.write(folder.resolve("SUMS.p7s"), key.sign(SUMS, NOW));
    Files.writeString(folder.resolve("vendor.pem"), key.certificatePem());
    assertThat(openssl("x509", "-in", "vendor.pem", "-noout", "-fingerprint", "-sha256"))
        .contains(key.fingerprint());
    String[] verify = MediumReadme.verifyCommand("SUMS", "SUMS.p7s", "vendor.pem").split(" ");
    if (algorithm == BootstrapAlgorithm.P384 || opensslKnowsMlDsa()) {
      assertThat(run(List.of(verify))).contains("CMS Verification successful");
      Files.write(folder.resolve("SUMS"), new byte[] {1});
      assertThat(run(List.of(verify))).contains("CMS Verification failure");
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesAPrivateKeyBesideTheCertificateOfAnother(BootstrapAlgorithm algorithm) {
    String pem = key(algorithm).encodePem().replaceFirst("(?s)-----BEGIN CERT.*", "");
    assertThatThrownBy(() -> BootstrapKey.parsePem(pem + key(algorithm).certificatePem()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the certificate is not that of the private key");
    for (BootstrapAlgorithm other : BootstrapAlgorithm.values()) {
      assertThatThrownBy(() -> BootstrapKey.parsePem(pem + key(other).certificatePem()))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void refusesTwoCertificates() {
    BootstrapKey key = key(BootstrapAlgorithm.P384);
    assertThatThrownBy(() -> BootstrapKey.parsePem(key.encodePem() + key.certificatePem()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not one whole PEM block CERTIFICATE");
  }

  /** The JDK's own code, not Bouncy Castle's, computes the signature. */
  @ParameterizedTest
  @EnumSource
  void isVerifiedByTheJdk(BootstrapAlgorithm algorithm) throws Exception {
    CMSSignedData signed =
        new CMSSignedData(new CMSProcessableByteArray(SUMS), key(algorithm).sign(SUMS, NOW));
    X509CertificateHolder certificate = signed.getCertificates().getMatches(null).iterator().next();
    var verifier = new JcaSimpleSignerInfoVerifierBuilder().build(certificate);
    assertThat(signed.getSignerInfos().getSigners())
        .singleElement()
        .satisfies(signer -> assertThat(signer.verify(verifier)).isTrue());
  }

  private boolean opensslKnowsMlDsa() throws Exception {
    var version = Pattern.compile("OpenSSL (\\d+)\\.(\\d+)").matcher(openssl("version"));
    assertThat(version.find()).isTrue();
    int major = Integer.parseInt(version.group(1));
    return major > 3 || (major == 3 && Integer.parseInt(version.group(2)) >= 5);
  }

  private String openssl(String... arguments) throws Exception {
    return run(Stream.concat(Stream.of("openssl"), Stream.of(arguments)).toList());
  }

  private String run(List<String> command) throws Exception {
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
