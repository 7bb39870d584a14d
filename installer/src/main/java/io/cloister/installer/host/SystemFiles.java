package io.cloister.installer.host;

import io.cloister.repo.content.DurableFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What makes Cloister a service of its host, outside its own folders: units, the service's user,
 * the command on the path.
 */
public record SystemFiles(HostPaths paths) {
  private static final List<String> UNITS =
      List.of(
          "cloister.service",
          "cloister-recover.service",
          "cloister-inference.socket",
          "cloister-console.socket");

  /** What is started at boot, and what for. */
  private static final Map<String, String> WANTED =
      Map.of(
          "cloister.service", "multi-user.target",
          "cloister-inference.socket", "sockets.target",
          "cloister-console.socket", "sockets.target");

  private Path units() {
    return paths.root().resolve("etc/systemd/system");
  }

  /** Declares the service's user (sysusers.d(5)). */
  Path users() {
    return paths.root().resolve("etc/sysusers.d/cloister.conf");
  }

  /** Every path, of a host of its own; nothing else of it is touched. */
  public List<Path> all() {
    if (!paths.isHost()) {
      return List.of();
    }
    List<Path> all = new ArrayList<>(links().keySet());
    UNITS.forEach(unit -> all.add(units().resolve(unit)));
    all.add(users());
    return List.copyOf(all);
  }

  /** Symbolic links, and where they point. */
  private Map<Path, Path> links() {
    Map<Path, Path> links = new TreeMap<>();
    WANTED.forEach(
        (unit, wanting) ->
            links.put(units().resolve(wanting + ".wants").resolve(unit), units().resolve(unit)));
    links.put(
        paths.root().resolve("usr/local/bin/cloister"), paths.current().resolve("bin/cloister"));
    for (String file : List.of("man/man8/cloister.8", "bash-completion/completions/cloister")) {
      links.put(
          paths.root().resolve("usr/local/share").resolve(file),
          paths.current().resolve("share").resolve(file));
    }
    return links;
  }

  /**
   * Writes all of them.
   *
   * @param listeners by name
   */
  public void write(Map<String, Listener> listeners) throws IOException {
    for (Map.Entry<Path, String> file : texts(listeners).entrySet()) {
      DurableFiles.createFolders(file.getKey().resolveSibling(""));
      DurableFiles.write(file.getKey(), file.getValue().getBytes(StandardCharsets.UTF_8));
    }
    for (Map.Entry<Path, Path> link : links().entrySet()) {
      Path folder = link.getKey().resolveSibling("");
      DurableFiles.createFolders(folder);
      Files.deleteIfExists(link.getKey());
      Files.createSymbolicLink(link.getKey(), link.getValue());
      DurableFiles.forceFolder(folder);
    }
  }

  private Map<Path, String> texts(Map<String, Listener> listeners) {
    Map<Path, String> texts = new TreeMap<>();
    UNITS.forEach(unit -> texts.put(units().resolve(unit), filled(resource(unit), listeners)));
    texts.put(users(), resource("cloister.sysusers"));
    return texts;
  }

  /** Those that are not as {@link #write} would leave them. */
  List<Path> findChanged(Map<String, Listener> listeners) throws IOException {
    List<Path> changed = new ArrayList<>();
    for (Map.Entry<Path, String> file : texts(listeners).entrySet()) {
      if (!Files.isRegularFile(file.getKey(), LinkOption.NOFOLLOW_LINKS)
          || !Files.readString(file.getKey()).equals(file.getValue())) {
        changed.add(file.getKey());
      }
    }
    for (Map.Entry<Path, Path> link : links().entrySet()) {
      if (!Files.isSymbolicLink(link.getKey())
          || !Files.readSymbolicLink(link.getKey()).equals(link.getValue())) {
        changed.add(link.getKey());
      }
    }
    return changed;
  }

  private static String filled(String text, Map<String, Listener> listeners) {
    String filled = text;
    for (Map.Entry<String, Listener> each : listeners.entrySet()) {
      filled = filled.replace("@" + each.getKey() + "@", each.getValue().numeric());
    }
    return filled;
  }

  private static String resource(String name) {
    try (InputStream in = SystemFiles.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("this program lacks its file " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
