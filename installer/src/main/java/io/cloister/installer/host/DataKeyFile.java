package io.cloister.installer.host;

import io.cloister.repo.content.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/**
 * The key that the appliance's own data is encrypted with: made once, by root, and given to the
 * service by systemd. Where systemd can (systemd-creds(1), from version 250), it is itself
 * encrypted with the key of this host, and with its TPM2 where there is one: then a disk that was
 * carried off is of no use.
 */
record DataKeyFile(HostPaths paths) {
  private static final String NAME = "data-key";
  private static final int BYTES = 32;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private Path sealed() {
    return paths.secrets().resolve(NAME + ".cred");
  }

  private Path plain() {
    return paths.secrets().resolve(NAME);
  }

  /** The unit's line that gives it to the service. */
  String setting() {
    return Files.exists(sealed())
        ? "LoadCredentialEncrypted=" + NAME + ":" + sealed()
        : "LoadCredential=" + NAME + ":" + plain();
  }

  /** Makes it, unless there is one. */
  void make(SecureRandom random) throws IOException, InterruptedException {
    if (Files.exists(sealed()) || Files.exists(plain())) {
      return;
    }
    byte[] key = new byte[BYTES];
    random.nextBytes(key);
    String hex = HexFormat.of().formatHex(key);
    DurableFiles.createFolders(paths.secrets());
    Files.setPosixFilePermissions(paths.secrets(), PosixFilePermissions.fromString("rwx------"));
    if (!seal(hex)) {
      DurableFiles.write(plain(), hex.getBytes(StandardCharsets.US_ASCII), "r--------");
    }
  }

  /** Bound to the TPM2 itself and to no state of it: a new kernel must not lock the data up. */
  private boolean seal(String hex) throws IOException, InterruptedException {
    var finished =
        new Command(
                List.of(
                    "systemd-creds",
                    "encrypt",
                    "--name=" + NAME,
                    "--with-key=auto",
                    "--tpm2-pcrs=",
                    "-",
                    "-"),
                paths.root())
            .input(hex)
            .find(paths.journal(), PATIENCE);
    if (finished.isEmpty() || finished.get().status() != 0) {
      return false;
    }
    DurableFiles.write(
        sealed(), finished.get().output().getBytes(StandardCharsets.UTF_8), "r--------");
    return true;
  }
}
