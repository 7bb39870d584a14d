package io.cloister.installer.host;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What this machine is and has: asked, never changed.
 *
 * @param platform as runtime packages name it, e.g. {@code linux-x64}
 * @param libc version of the GNU C library, e.g. {@code 2.36}, asked for only when needed; empty on
 *     another C library
 * @param systemd whether it is the first process here
 * @param facts the rest, read only by who wants to know
 */
public record Machine(
    String platform, Supplier<Optional<String>> libc, boolean systemd, Supplier<Facts> facts) {

  /** This machine. */
  public static Machine here() {
    return new Machine(
        platform(System.getProperty("os.name"), System.getProperty("os.arch")),
        LibC::findGlibcVersion,
        SystemdService.booted(),
        Facts::here);
  }

  public Optional<String> glibc() {
    return libc.get();
  }

  static String platform(String system, String architecture) {
    String processor = architecture.equals("amd64") ? "x64" : architecture;
    return system.toLowerCase(java.util.Locale.ROOT).replace(' ', '-') + "-" + processor;
  }

  /** Bytes an ordinary user may still write on the disk that holds, or will hold, this path. */
  public long freeBytes(Path path) throws IOException {
    // Not by a FileStore: that looks for the mount point, which a chroot does not show.
    return nearestExisting(path).toFile().getUsableSpace();
  }

  /** The path itself, or the nearest folder above it that exists. */
  public static Path nearestExisting(Path path) {
    Path here = path;
    while (!Files.exists(here, LinkOption.NOFOLLOW_LINKS)) {
      Path parent = here.getParent();
      if (parent == null) {
        return here;
      }
      here = parent;
    }
    return here;
  }

  /** Whether a listener could be opened there now. Says why not, when it could not. */
  public Optional<String> findObstacle(String address, int port) {
    try (var probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getByName(address), port));
      return Optional.empty();
    } catch (UnknownHostException e) {
      return Optional.of("no such address");
    } catch (IOException e) {
      return Optional.of(e.getMessage() == null ? e.toString() : e.getMessage());
    }
  }
}
