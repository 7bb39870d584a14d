package io.cloister.installer.host;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Every path that Cloister has on a host, below one folder. {@code --root DIR} relocates all of it.
 *
 * @param root absolute and normal; {@code /} on a host of its own
 */
public record HostPaths(Path root) {
  /** {@code sun_path} has 108 bytes, the last is NUL (Linux, unix(7)). */
  public static final int SOCKET_PATH_BYTES_MAX = 107;

  /** As long as the versions of releases are at most, for the room that a path needs. */
  public static final String LONG_RELEASE = "10.10.10-rc.10";

  public HostPaths {
    if (!root.isAbsolute() || !root.equals(root.normalize())) {
      throw new IllegalArgumentException("not absolute and normal: " + root);
    }
  }

  /** Whether this is the host's own place, and not below a folder. */
  public boolean isHost() {
    return root.getNameCount() == 0;
  }

  /** Holds all releases and {@link #current()}. */
  public Path programs() {
    return root.resolve("opt/cloister");
  }

  /** Holds trust, models, slots, the journal and the appliance's own data. */
  public Path data() {
    return root.resolve("var/lib/cloister");
  }

  public Path releases() {
    return programs().resolve("releases");
  }

  public Path release(String version) {
    return releases().resolve(version);
  }

  /** A release while it is written; beside the releases, so that a rename moves it. */
  public Path stagedReleases() {
    return releases().resolve(".staging");
  }

  /** Where a release lives while it is trained; nobody needs what that leaves. */
  public Path training() {
    return stagedReleases().resolve("train");
  }

  /** The symbolic link to the release in service. */
  public Path current() {
    return programs().resolve("current");
  }

  public Path trust() {
    return data().resolve("trust");
  }

  public Path store() {
    return data().resolve("store");
  }

  public Path models() {
    return store().resolve("models");
  }

  public Path model(String name, String version) {
    return models().resolve(name).resolve(version);
  }

  public Path stagedModels() {
    return store().resolve("staging");
  }

  /** What each release is told to serve. */
  public Path deployments() {
    return store().resolve("deployments");
  }

  public Path deployment(String release) {
    return deployments().resolve(release + ".json");
  }

  public Path slots() {
    return data().resolve("slots.json");
  }

  /** Names what could not be put right from what is on this machine, while there is such. */
  public Path unrepaired() {
    return data().resolve("unrepaired.json");
  }

  public Path lock() {
    return data().resolve("lock");
  }

  public Path journal() {
    return data().resolve("journal");
  }

  /** The appliance's own data: with {@link #secrets()} what {@code uninstall --keep-data} keeps. */
  public Path appliance() {
    return data().resolve("appliance");
  }

  /** A database for each release. */
  public Path databases() {
    return appliance().resolve("db");
  }

  /** Where the next install's release, of whatever version, finds the data that one kept. */
  public Path keptDatabase() {
    return databases().resolve("kept");
  }

  /** Which tokens are valid, whichever release's database is in use. */
  public Path tokens() {
    return appliance().resolve("tokens");
  }

  /** The appliance's TLS certificate and its key. */
  public Path certificates() {
    return appliance().resolve("tls");
  }

  /** What the appliance's own data is encrypted with. */
  public Path secrets() {
    return data().resolve("secrets");
  }

  public Path logs() {
    return root.resolve("var/log/cloister");
  }

  public Path log() {
    return logs().resolve("appliance.log");
  }

  /** What the log was until it was begun anew. */
  public Path logBefore() {
    return logs().resolve("appliance.log.1");
  }

  public Path configuration() {
    return root.resolve("etc/cloister");
  }

  public Path settings() {
    return configuration().resolve("cloister.yaml");
  }

  public Path run() {
    return root.resolve("run/cloister");
  }

  /** The operator's way into a running release. */
  public Path socket(String release) {
    return run().resolve(release + ".sock");
  }

  /**
   * There while the service calls for a repair. The folder is the service's own, so this may be
   * anything: it is looked at for being there, and deleted.
   */
  public Path repairCall() {
    return run().resolve("repair");
  }

  public Path pidFile(String release) {
    return run().resolve(release + ".pid");
  }

  /** The folders that are wholly ours. */
  public List<Path> ours() {
    return List.of(programs(), data(), logs(), configuration(), run());
  }

  /** Bytes of the longest socket's path, to compare with {@link #SOCKET_PATH_BYTES_MAX}. */
  public int socketPathBytes() {
    return socket(LONG_RELEASE).toString().getBytes(StandardCharsets.UTF_8).length;
  }
}
