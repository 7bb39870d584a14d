package io.cloister.repo.keys;

import io.cloister.repo.metadata.Key;
import io.cloister.repo.metadata.Signature;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/** A private Ed25519 key and its public half. */
public final class SigningKey {
  private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String END = "-----END PRIVATE KEY-----";
  private static final int RAW_BYTES = 32;

  private final PrivateKey secret;
  private final Key key;

  private SigningKey(KeyPair pair) {
    this.secret = pair.getPrivate();
    byte[] encoded = pair.getPublic().getEncoded();
    byte[] raw = Arrays.copyOfRange(encoded, encoded.length - RAW_BYTES, encoded.length);
    this.key = Key.ed25519(HexFormat.of().formatHex(raw));
  }

  /** A new key. */
  public static SigningKey generate(SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
      generator.initialize(NamedParameterSpec.ED25519, random);
      return new SigningKey(generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK since 15 has Ed25519", e);
    }
  }

  /**
   * From PKCS#8 PEM, unencrypted, as {@code openssl genpkey -algorithm ed25519} writes it too.
   * Throws IllegalArgumentException with the reason.
   */
  public static SigningKey parsePem(String pem) {
    String text = pem.strip();
    if (!text.startsWith(BEGIN) || !text.endsWith(END)) {
      throw new IllegalArgumentException("not one PEM block PRIVATE KEY");
    }
    try {
      String body = text.substring(BEGIN.length(), text.length() - END.length());
      byte[] der = Base64.getMimeDecoder().decode(body);
      PrivateKey secret =
          KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(der));
      return fromSeed(((EdECPrivateKey) secret).getBytes().orElseThrow());
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IllegalArgumentException("not an Ed25519 key in PKCS#8", e);
    }
  }

  /** PKCS#8 PEM. */
  public String encodePem() {
    byte[] newline = "\n".getBytes(StandardCharsets.US_ASCII);
    String body = Base64.getMimeEncoder(64, newline).encodeToString(secret.getEncoded());
    return BEGIN + "\n" + body + "\n" + END + "\n";
  }

  /** The public half. */
  public Key key() {
    return key;
  }

  public Signature sign(byte[] message) {
    try {
      java.security.Signature signer = java.security.Signature.getInstance("Ed25519");
      signer.initSign(secret);
      signer.update(message);
      return new Signature(key.id(), HexFormat.of().formatHex(signer.sign()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("an Ed25519 key signs", e);
    }
  }

  /** The JDK computes a public key only while generating, from 32 random bytes: the seed. */
  private static SigningKey fromSeed(byte[] seed) {
    return generate(new Seed(seed));
  }

  private static final class Seed extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final byte[] seed;

    Seed(byte[] seed) {
      this.seed = seed.clone();
    }

    @Override
    public void nextBytes(byte[] bytes) {
      if (bytes.length != seed.length) {
        throw new IllegalStateException("Ed25519 asks for 32 bytes");
      }
      System.arraycopy(seed, 0, bytes, 0, bytes.length);
    }
  }
}
