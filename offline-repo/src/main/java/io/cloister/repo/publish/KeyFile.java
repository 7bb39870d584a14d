package io.cloister.repo.publish;

import io.cloister.repo.RefusedException;
import io.cloister.repo.VendorRefusal.BadKeyFile;
import io.cloister.repo.VendorRefusal.FileFault;
import io.cloister.repo.VendorRefusal.WouldOverwrite;
import io.cloister.repo.content.DurableFiles;
import io.cloister.repo.keys.SigningKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Collections;
import java.util.Set;

/** A private key on disk: PKCS#8 PEM that only its owner may read. */
public final class KeyFile {
  private static final int BYTES_MAX = 16_384;
  private static final Set<PosixFilePermission> OWNER =
      Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private KeyFile() {}

  /** Never replaces a file: a lost key cannot be made again. */
  public static void write(Path file, SigningKey key) throws RefusedException {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new RefusedException(new WouldOverwrite(file.toString(), "a file"));
    }
    try {
      DurableFiles.createFolders(file.toAbsolutePath().resolveSibling(".").normalize());
      DurableFiles.write(file, key.encodePem().getBytes(StandardCharsets.US_ASCII), "rw-------");
    } catch (IOException e) {
      throw new RefusedException(new FileFault(file.toString(), e.toString()));
    }
  }

  public static SigningKey read(Path file) throws RefusedException {
    try {
      if (!Collections.disjoint(others(file), Set.of(PosixFilePermission.values()))) {
        throw new RefusedException(
            new BadKeyFile(file.toString(), "others may read it; run: chmod 600 " + file));
      }
      if (Files.size(file) > BYTES_MAX) {
        throw new RefusedException(new BadKeyFile(file.toString(), "too long for a key"));
      }
      return SigningKey.parsePem(Files.readString(file, StandardCharsets.US_ASCII));
    } catch (IllegalArgumentException e) {
      throw new RefusedException(new BadKeyFile(file.toString(), String.valueOf(e.getMessage())));
    } catch (IOException e) {
      throw new RefusedException(new BadKeyFile(file.toString(), "cannot be read: " + e));
    }
  }

  private static Set<PosixFilePermission> others(Path file) throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    permissions.removeAll(OWNER);
    permissions.remove(PosixFilePermission.OWNER_EXECUTE);
    return permissions;
  }
}
