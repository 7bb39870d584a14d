package io.cloister.installer.host;

import io.cloister.repo.content.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
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

  /**
   * Bound to a TPM2 itself and to no state of it: a new kernel must not lock the data up. systemd
   * 252 does not open what it sealed with no register; 16 is for debugging, and nothing measures
   * into it (TCG PC Client Platform TPM Profile).
   */
  private static final List<List<String>> WAYS =
      List.of(
          List.of("--with-key=auto", "--tpm2-pcrs="),
          List.of("--with-key=auto", "--tpm2-pcrs=16"),
          List.of("--with-key=host"));

  /** What is decrypted must not touch the disk. */
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
      return Optional.of(
          creds("decrypt", List.of(), Files.readString(sealed()), MEMORY)
              .map(String::strip)
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
    DurableFiles.forceFolder(paths.secrets());
    if (!seal(hex, Path.of(sealed() + suffix))) {
      DurableFiles.write(
          Path.of(plain() + suffix), hex.getBytes(StandardCharsets.US_ASCII), "r--------");
    }
  }

  /** The best way of which this systemd opens what it sealed; false where there is none. */
  private boolean seal(String hex, Path place) throws IOException, InterruptedException {
    for (List<String> way : WAYS) {
      Optional<String> sealed = creds("encrypt", way, hex, paths.journal());
      if (sealed.isPresent()
          && creds("decrypt", List.of(), sealed.get(), MEMORY).filter(hex::equals).isPresent()) {
        DurableFiles.write(place, sealed.get().getBytes(StandardCharsets.UTF_8), "r--------");
        return true;
      }
    }
    return false;
  }

  /**
   * What systemd-creds makes of that; empty where it cannot.
   *
   * @param folder where its output lies meanwhile
   */
  private Optional<String> creds(String verb, List<String> options, String input, Path folder)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of("systemd-creds", verb, "--name=" + NAME));
    line.addAll(options);
    line.addAll(List.of("-", "-"));
    return new Command(line, paths.root())
        .input(input)
        .find(folder, PATIENCE)
        .filter(done -> done.status() == 0)
        .map(Supervisor.Finished::output);
  }
}
