package io.cloister.repo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.repo.testing.SigningRepository;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys under a passphrase: ours that openssl reads, and openssl's that we read. */
final class EncryptedKeyTest {
  @TempDir Path folder;
  private Typed vendor = new Typed(Path.of(""), SigningRepository.NOW);

  @BeforeEach
  void makePassphrases() throws Exception {
    vendor = new Typed(folder, SigningRepository.NOW);
    Files.writeString(folder.resolve("right"), "schön wär's\n");
    Files.writeString(folder.resolve("wrong"), "something else\n");
  }

  private String openssl(String line) throws Exception {
    List<String> words = List.of(("openssl " + line).replace("@", folder.toString()).split(" "));
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(text).isZero();
    return text;
  }

  @ParameterizedTest
  @ValueSource(strings = {"ed25519", "ecdsa", "rsa"})
  void opensslReadsWhatWeEncrypt(String kind) throws Exception {
    vendor.type("key generate @/key.pem --kind " + kind + " --passphrase-file @/right");
    assertThat(Files.readString(folder.resolve("key.pem")))
        .startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----")
        .doesNotContain("-----BEGIN PRIVATE KEY-----");
    assertThat(openssl("pkey -in @/key.pem -passin file:@/right -pubout"))
        .isEqualTo(vendor.type("key public @/key.pem --passphrase-file @/right"));
    assertThat(openssl("asn1parse -in @/key.pem"))
        .contains("PBES2", "PBKDF2", "0927C0", "hmacWithSHA256", "aes-256-cbc");
  }

  @ParameterizedTest
  @CsvSource({"ed25519,-v2 aes256", "rsa,-v2 aes-128-cbc", "ed25519,-scrypt"})
  void weReadWhatOpensslEncrypts(String kind, String form) throws Exception {
    openssl("genpkey -algorithm " + kind + " -out @/plain.pem");
    openssl("pkcs8 -topk8 " + form + " -in @/plain.pem -passout file:@/right -out @/key.pem");
    Files.setPosixFilePermissions(
        folder.resolve("key.pem"), PosixFilePermissions.fromString("rw-------"));
    assertThat(vendor.type("key public @/key.pem --passphrase-file @/right"))
        .isEqualTo(openssl("pkey -in @/plain.pem -pubout"));
  }

  @Test
  void aPersonIsAskedWhereNoFileHasThePassphrase() {
    vendor.answer("from the head");
    vendor.answer("from the head");
    vendor.type("key generate @/key.pem --kind ml-dsa-87 --passphrase");
    vendor.answer("from the head");
    assertThat(vendor.type("key public @/key.pem --passphrase-file @/wrong"))
        .startsWith("-----BEGIN PUBLIC KEY-----");
    vendor.answer("from the heart");
    assertThat(vendor.refused("key public @/key.pem", "USAGE-KEY-FILE"))
        .contains("the passphrase does not fit");
    assertThat(vendor.refused("key public @/key.pem", "USAGE-KEY-FILE"))
        .contains("there is no terminal to ask; give --passphrase-file");
  }

  @Test
  void aBootstrapKeySignsWithItsPassphraseOnly() throws Exception {
    vendor.type("key generate @/all.pem");
    vendor.type(
        "init @/repo --root @/all.pem --targets @/all.pem --snapshot @/all.pem"
            + " --timestamp @/all.pem");
    vendor.type("sign @/repo --key @/all.pem");
    vendor.type("key bootstrap @/key.pem --vendor V --passphrase-file @/right");
    assertThat(Files.readString(folder.resolve("key.pem")))
        .startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----")
        .doesNotContain("-----BEGIN PRIVATE KEY-----");
    String publish = "publish @/repo @/medium --bootstrap-key @/key.pem --passphrase-file @/";
    vendor.refused(publish + "wrong", "USAGE-KEY-FILE");
    assertThat(folder.resolve("medium")).doesNotExist();
    vendor.type(publish + "right");
    assertThat(folder.resolve("medium/SHA256SUMS")).exists();
  }

  @Test
  void refusesANewPassphraseThatIsEmptyOrTypedInTwoWaysAndWritesNoKey() throws Exception {
    vendor.answer("one");
    vendor.answer("two");
    vendor.refused("key generate @/key.pem --passphrase", "USAGE-ARGUMENT");
    vendor.answer("");
    vendor.refused("key generate @/key.pem --passphrase", "USAGE-ARGUMENT");
    Files.writeString(folder.resolve("empty"), "\nsecond line\n");
    vendor.refused("key generate @/key.pem --passphrase-file @/empty", "USAGE-KEY-FILE");
    assertThat(folder.resolve("key.pem")).doesNotExist();
  }
}
