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
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The key that the appliance's own data is encrypted with: made once, by root, and given to the
 * service by systemd. Where systemd can (systemd-creds(1), from version 250), it is itself
 * encrypted with the key of this host, and with its TPM2 where there is one: then a disk that was
 * carried off is of no use.
 */
public record DataKeyFile(HostPaths paths) {
  private static final String NAME = "data-key";
  private static final int BYTES = 32;
  private static final Pattern KEY = Pattern.compile("[0-9a-f]{" + 2 * BYTES + "}");
  private static final Path MEMORY = Path.of("/run");
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
    write(HexFormat.of().formatHex(key), "");
  }

  /** Both places that it may have; it is at one of them, or at none. */
  public List<Path> places() {
    return List.of(sealed(), plain());
  }

  /**
   * The key in hexadecimal digits; empty where this host has none.
   *
   * @throws IOException when systemd does not decrypt it, e.g. on another host than its own
   */
  public Optional<String> find() throws IOException, InterruptedException {
    if (Files.exists(sealed())) {
      List<String> line =
          List.of("systemd-creds", "decrypt", "--name=" + NAME, sealed().toString(), "-");
      // What is decrypted must not touch the disk.
      var finished = new Command(line, paths.root()).find(MEMORY, PATIENCE);
      return Optional.of(
          finished
              .filter(done -> done.status() == 0)
              .map(done -> done.output().strip())
              .filter(KEY.asMatchPredicate())
              .orElseThrow(() -> new IOException("systemd-creds does not decrypt " + sealed())));
    }
    return Files.exists(plain())
        ? Optional.of(Files.readString(plain()).strip())
        : Optional.empty();
  }

  /**
   * Writes a key, encrypted for this host where it can be.
   *
   * @param suffix of the file's name; empty for its own place
   */
  public void write(String hex, String suffix) throws IOException, InterruptedException {
    DurableFiles.createFolders(paths.secrets());
    Files.setPosixFilePermissions(paths.secrets(), PosixFilePermissions.fromString("rwx------"));
    if (!seal(hex, Path.of(sealed() + suffix))) {
      DurableFiles.write(
          Path.of(plain() + suffix), hex.getBytes(StandardCharsets.US_ASCII), "r--------");
    }
  }

  /** Bound to the TPM2 itself and to no state of it: a new kernel must not lock the data up. */
  private boolean seal(String hex, Path place) throws IOException, InterruptedException {
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
        place, finished.get().output().getBytes(StandardCharsets.UTF_8), "r--------");
    return true;
  }
}
