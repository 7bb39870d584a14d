package io.cloister.repo.publish;

import io.cloister.repo.RefusedException;
import io.cloister.repo.VendorRefusal.BadKeyFile;
import io.cloister.repo.VendorRefusal.FileFault;
import io.cloister.repo.VendorRefusal.WouldOverwrite;
import io.cloister.repo.content.DurableFiles;
import io.cloister.repo.keys.EncryptedKey;
import io.cloister.repo.keys.EncryptedKey.WrongPassphraseException;
import io.cloister.repo.keys.PublicKeys;
import io.cloister.repo.keys.SigningKey;
import io.cloister.repo.metadata.Key;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/** A key on disk: PKCS#8 PEM that only its owner may read, or a public key. */
public final class KeyFile {
  private static final int BYTES_MAX = 32_768;
  private static final Set<PosixFilePermission> OWNER =
      Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private KeyFile() {}

  /** Never replaces a file: a lost key cannot be made again. */
  public static void write(Path file, SigningKey key) throws RefusedException {
    write(file, key.encodePem());
  }

  /** Under a passphrase. */
  public static void write(Path file, SigningKey key, char[] passphrase) throws RefusedException {
    write(file, key.encodePem(passphrase, new SecureRandom()));
  }

  /** With its certificate; under a passphrase where there is one. */
  public static void write(Path file, BootstrapKey key, Optional<char[]> passphrase)
      throws RefusedException {
    write(
        file,
        passphrase.map(each -> key.encodePem(each, new SecureRandom())).orElseGet(key::encodePem));
  }

  private static void write(Path file, String pem) throws RefusedException {
    try {
      DurableFiles.createFolders(file.toAbsolutePath().resolveSibling(".").normalize());
      DurableFiles.create(file, pem.getBytes(StandardCharsets.US_ASCII), "rw-------");
    } catch (FileAlreadyExistsException e) {
      throw new RefusedException(new WouldOverwrite(file.toString(), "a file"));
    } catch (IOException e) {
      throw new RefusedException(new FileFault(file.toString(), e.toString()));
    }
  }

  /** A private key; its passphrase is looked for where it has one. */
  public static SigningKey read(Path file, Passphrases passphrases) throws RefusedException {
    return read(file, passphrases, SigningKey::parsePem, SigningKey::parsePem);
  }

  /** A key of {@code SHA256SUMS} and its certificate, likewise. */
  public static BootstrapKey readBootstrap(Path file, Passphrases passphrases)
      throws RefusedException {
    return read(file, passphrases, BootstrapKey::parsePem, BootstrapKey::parsePem);
  }

  private static <K> K read(
      Path file,
      Passphrases passphrases,
      Function<String, K> plain,
      BiFunction<String, char[], K> encrypted)
      throws RefusedException {
    try {
      String pem = readSecret(file);
      return EncryptedKey.isIn(pem)
          ? decrypted(file, passphrases, passphrase -> encrypted.apply(pem, passphrase))
          : plain.apply(pem);
    } catch (IllegalArgumentException e) {
      throw new RefusedException(new BadKeyFile(file.toString(), String.valueOf(e.getMessage())));
    } catch (IOException e) {
      throw new RefusedException(new BadKeyFile(file.toString(), "cannot be read: " + e));
    }
  }

  private static String readSecret(Path file) throws RefusedException, IOException {
    if (!Collections.disjoint(others(file), Set.of(PosixFilePermission.values()))) {
      throw new RefusedException(
          new BadKeyFile(file.toString(), "others may read it; run: chmod 600 " + file));
    }
    return readText(file);
  }

  private static <K> K decrypted(Path file, Passphrases passphrases, Function<char[], K> decrypt) {
    for (char[] each : passphrases.given()) {
      try {
        return decrypt.apply(each);
      } catch (WrongPassphraseException e) {
        // Another key's passphrase; the last word is the person's, or the refusal below.
      }
    }
    Optional<char[]> typed = passphrases.person().apply("passphrase of " + file);
    return typed
        .map(decrypt)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    passphrases.given().isEmpty()
                        ? "it has a passphrase and there is no terminal to ask; give --passphrase-file"
                        : "no passphrase of --passphrase-file fits, or the file is damaged"));
  }

  /** Empty where the file holds a private key. */
  public static Optional<Key> findPublic(Path file) throws RefusedException {
    try {
      String pem = readText(file);
      return pem.contains("PRIVATE KEY-----")
          ? Optional.empty()
          : Optional.of(PublicKeys.parsePem(pem));
    } catch (IllegalArgumentException e) {
      throw new RefusedException(new BadKeyFile(file.toString(), String.valueOf(e.getMessage())));
    } catch (IOException e) {
      throw new RefusedException(new BadKeyFile(file.toString(), "cannot be read: " + e));
    }
  }

  private static String readText(Path file) throws IOException {
    if (Files.size(file) > BYTES_MAX) {
      throw new IllegalArgumentException("too long for a key");
    }
    return Files.readString(file, StandardCharsets.US_ASCII);
  }

  private static Set<PosixFilePermission> others(Path file) throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    permissions.removeAll(OWNER);
    permissions.remove(PosixFilePermission.OWNER_EXECUTE);
    return permissions;
  }
}
