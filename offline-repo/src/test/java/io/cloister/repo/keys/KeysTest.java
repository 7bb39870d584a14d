package io.cloister.repo.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.repo.metadata.Key;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every kind of key signs, verifies, and is read as OpenSSL writes it. */
final class KeysTest {
  private static final byte[] MESSAGE = "message".getBytes(StandardCharsets.UTF_8);
  private static final byte[] OTHER = "massage".getBytes(StandardCharsets.UTF_8);

  private static String resource(String name) throws IOException {
    try (InputStream stream = KeysTest.class.getResourceAsStream("/keys/" + name)) {
      return new String(
          Objects.requireNonNull(stream, name).readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private static SigningKey openssl(KeyKind kind) throws IOException {
    return SigningKey.parsePem(resource(kind + ".pem"));
  }

  private static void assertVerifies(Key key, byte[] message, String sig) {
    assertThatCode(() -> VerifyingKey.parse(key).verify(message, sig)).doesNotThrowAnyException();
  }

  private static void assertRefuses(Key key, byte[] message, String sig) {
    assertThatThrownBy(() -> VerifyingKey.parse(key).verify(message, sig))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @EnumSource
  void aNewKeySignsAndIsReadBack(KeyKind kind) {
    SigningKey made = SigningKey.generate(kind, new SecureRandom());
    SigningKey read = SigningKey.parsePem(made.encodePem());
    assertThat(read.key()).isEqualTo(made.key());
    assertThat(KeyKind.find(read.key())).contains(kind);
    String sig = read.sign(MESSAGE).sig();
    assertVerifies(made.key(), MESSAGE, sig);
    assertRefuses(made.key(), OTHER, sig);
    assertRefuses(SigningKey.generate(kind, new SecureRandom()).key(), MESSAGE, sig);
  }

  @ParameterizedTest
  @EnumSource
  void aMessageIsSignedAlikeEachTime(KeyKind kind) {
    SigningKey key = SigningKey.generate(kind, new SecureRandom());
    assertThat(SigningKey.parsePem(key.encodePem()).sign(MESSAGE)).isEqualTo(key.sign(MESSAGE));
    assertThat(key.sign(OTHER)).isNotEqualTo(key.sign(MESSAGE));
  }

  /** RFC 6979 §A.2.5, the message "sample" with SHA-256; a wrong choice of k gives the key away. */
  @Test
  void ecdsaChoosesItsNumbersAsRfc6979Says() {
    String pkcs8 =
        "308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420"
            + "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"
            + "a14403420004"
            + "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
            + "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299";
    SigningKey key = SigningKey.parsePem(Pem.encode(HexFormat.of().parseHex(pkcs8), "PRIVATE KEY"));
    assertThat(key.sign("sample".getBytes(StandardCharsets.US_ASCII)).sig())
        .isEqualTo(
            "3046022100"
                + "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                + "022100"
                + "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");
  }

  @ParameterizedTest
  @EnumSource
  void aKeyAndASignatureByOpensslAreTaken(KeyKind kind) throws IOException {
    SigningKey key = openssl(kind);
    assertThat(VerifyingKey.of(kind, Pem.find(resource(kind + ".pub.pem"), "PUBLIC KEY").get()))
        .isEqualTo(key.verifying());
    assertVerifies(key.key(), MESSAGE, resource(kind + ".sig"));
    assertRefuses(key.key(), OTHER, resource(kind + ".sig"));
    assertVerifies(key.key(), MESSAGE, key.sign(MESSAGE).sig());
  }

  @Test
  void anRsaSignatureMayHaveTheLongestSalt() throws IOException {
    assertVerifies(openssl(KeyKind.RSA).key(), MESSAGE, resource("rsa-salt-max.sig"));
  }

  @ParameterizedTest
  @EnumSource
  void signaturesThatAreNoSignaturesAreRefused(KeyKind kind) throws IOException {
    Key key = openssl(kind).key();
    String sig = resource(kind + ".sig");
    for (String bad :
        new String[] {
          "", "00", "zz", sig.substring(2), sig + "00", sig.substring(1), "0".repeat(20_000)
        }) {
      assertRefuses(key, MESSAGE, bad);
    }
    String upper = sig.toUpperCase(java.util.Locale.ROOT);
    assertThat(upper).isNotEqualTo(sig);
    assertRefuses(key, MESSAGE, upper);
  }

  @ParameterizedTest
  @CsvSource({"rsa-1024.pem, an RSA key has 2048 to 8192 bits", "p384.pem, the curve is not P-256"})
  void shortRsaKeysAndOtherCurvesAreRefused(String name, String why) throws IOException {
    String pem = resource(name);
    assertThatThrownBy(() -> SigningKey.parsePem(pem)).hasMessage(why);
  }

  @ParameterizedTest
  @EnumSource
  void brokenKeysAndSignaturesAreRefusedWithAReason(KeyKind kind) throws IOException {
    Random random = new Random(204);
    Key key = openssl(kind).key();
    String sig = resource(kind + ".sig");
    for (int i = 0; i < 200; i++) {
      assertRefuses(key, MESSAGE, broken(sig, random, "0123456789abcdef"));
      Key other =
          new Key(
              key.keytype(), key.scheme(), broken(key.publicValue(), random, "0a/+9fAz"), Map.of());
      if (!KeyIdentity.of(other).equals(KeyIdentity.of(key))) {
        assertRefuses(other, MESSAGE, sig);
      }
    }
  }

  /** Another character somewhere, or the text cut there. */
  private static String broken(String text, Random random, String characters) {
    int at = random.nextInt(text.length());
    char other = characters.charAt(random.nextInt(characters.length()));
    if (text.charAt(at) == other) {
      return text.substring(0, at);
    }
    return text.substring(0, at) + other + text.substring(at + 1);
  }

  @Test
  void aKeyWhosePublicHalfIsAnothersIsRefused() throws IOException {
    String pem = resource("ecdsa.pem");
    String other =
        Pem.encode(
            SigningKey.generate(KeyKind.ECDSA, new SecureRandom()).verifying().key().getEncoded(),
            "PUBLIC KEY");
    assertThatThrownBy(() -> SigningKey.parsePem(pem + other))
        .hasMessage("the public key is not that of the private key");
  }

  @Test
  void aKeyWithoutItsPublicHalfTellsHowToAppendIt() {
    String pem = SigningKey.generate(KeyKind.ML_DSA_87, new SecureRandom()).encodePem();
    String secret = pem.substring(0, pem.indexOf("-----BEGIN PUBLIC KEY"));
    assertThatThrownBy(() -> SigningKey.parsePem(secret))
        .hasMessageContaining("openssl pkey -in KEY -pubout >> KEY");
  }

  @Test
  void oneKeySpeltTwiceIsOneKey() throws IOException {
    Key key = openssl(KeyKind.ECDSA).key();
    Key legacy =
        new Key(
            "ecdsa-sha2-nistp256",
            key.scheme(),
            "\n" + key.publicValue().replace("\n", "\r\n"),
            Map.of());
    assertThat(legacy.id()).isNotEqualTo(key.id());
    assertThat(KeyIdentity.of(legacy)).isEqualTo(KeyIdentity.of(key));
    assertVerifies(legacy, MESSAGE, resource("ecdsa.sig"));
  }

  @Test
  void aKeyOfAnUnknownKindHasAnIdentityAndNoValidSignature() throws IOException {
    Key stranger = new Key("sphincs+", "sphincs+-shake-256s", "00", Map.of());
    assertThat(KeyIdentity.of(stranger)).isEqualTo(KeyIdentity.of(stranger));
    assertThatThrownBy(() -> VerifyingKey.parse(stranger))
        .hasMessage("this program cannot check sphincs+-shake-256s");
  }
}
