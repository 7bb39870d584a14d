package io.cloister.appliance.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What the appliance's own data is encrypted with: 32 random bytes that the host keeps, and gives
 * to the service alone (systemd.exec(5), Credentials).
 *
 * @param hex 64 digits
 */
public record DataKey(String hex) {
  private static final String CREDENTIAL = "data-key";
  private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");

  /** NIST SP 800-38D: the nonce for which GCM is meant, and its whole tag. */
  private static final int NONCE_BYTES = 12;

  private static final int TAG_BITS = 128;

  public DataKey {
    if (!FORM.matcher(hex).matches()) {
      throw new IllegalArgumentException("a data key is 64 hexadecimal digits");
    }
  }

  /**
   * The one given to this process; empty where the host has none, as below {@code --root DIR}.
   *
   * @throws IOException when there is one that cannot be used
   */
  public static Optional<DataKey> find(Map<String, String> environment) throws IOException {
    String folder = environment.get("CREDENTIALS_DIRECTORY");
    if (folder == null || !Files.exists(Path.of(folder, CREDENTIAL))) {
      return Optional.empty();
    }
    try {
      return Optional.of(new DataKey(Files.readString(Path.of(folder, CREDENTIAL)).strip()));
    } catch (IllegalArgumentException e) {
      throw new IOException("the credential " + CREDENTIAL + ": " + e.getMessage(), e);
    }
  }

  /** Encrypts a file of ours that is no database, with AES-256-GCM: a nonce, then the rest. */
  public byte[] seal(byte[] plain, SecureRandom random) throws GeneralSecurityException {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(plain);
    return ByteBuffer.allocate(nonce.length + sealed.length).put(nonce).put(sealed).array();
  }

  /**
   * What {@link #seal} made.
   *
   * @throws GeneralSecurityException it was sealed with another key, or changed since
   */
  public byte[] open(byte[] sealed) throws GeneralSecurityException {
    if (sealed.length < NONCE_BYTES) {
      throw new GeneralSecurityException("too short");
    }
    return cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(sealed, NONCE_BYTES))
        .doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
  }

  private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        mode,
        new SecretKeySpec(HexFormat.of().parseHex(hex), "AES"),
        new GCMParameterSpec(TAG_BITS, nonce));
    return cipher;
  }

  /** Without the key: it is never to be seen in a log. */
  @Override
  public String toString() {
    return "DataKey";
  }
}
