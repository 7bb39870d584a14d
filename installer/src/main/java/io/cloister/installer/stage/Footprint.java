package io.cloister.installer.stage;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.installer.host.Folders;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.host.SystemFiles;
import io.cloister.repo.content.DurableFiles;
import io.cloister.repo.metadata.Fields;
import io.cloister.repo.metadata.JsonException;
import io.cloister.repo.metadata.StrictJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a first install adds to a host, so that all of it can be taken away again, also after a
 * power cut: it is written to the journal before anything else is.
 *
 * @param trees paths that were not there and are wholly ours
 * @param folders above them that were not there, the deepest first
 */
public record Footprint(List<Path> trees, List<Path> folders) {
  private static final int FORMAT = 1;
  private static final int PATHS_MAX = 1000;

  public Footprint {
    trees = List.copyOf(trees);
    folders = List.copyOf(folders);
  }

  /** Of a first install, as the host is now. Taken before the lock's file is made. */
  public static Footprint of(HostPaths paths) {
    Set<Path> folders = new LinkedHashSet<>();
    List<Path> all = new ArrayList<>(paths.ours());
    all.addAll(new SystemFiles(paths).all());
    for (Path ours : all) {
      for (Path up = ours.getParent(); up != null && missing(up); up = up.getParent()) {
        folders.add(up);
      }
    }
    tops(paths).filter(Footprint::missing).forEach(folders::add);
    return new Footprint(
        parts(paths).stream().filter(Footprint::missing).toList(), deepestFirst(folders));
  }

  /**
   * Of everything that an install has.
   *
   * @param made by that install
   * @param keepData whether the appliance's own data is left out
   */
  public static Footprint whole(HostPaths paths, Optional<Footprint> made, boolean keepData) {
    Set<Path> folders = new LinkedHashSet<>(made.map(Footprint::folders).orElse(List.of()));
    tops(paths).forEach(folders::add);
    List<Path> trees = new ArrayList<>(parts(paths));
    if (keepData) {
      trees.removeAll(List.of(paths.appliance(), paths.secrets()));
    }
    return new Footprint(trees, deepestFirst(folders));
  }

  /** Everything that is wholly ours, the journal aside. */
  private static List<Path> parts(HostPaths paths) {
    List<Path> parts = new ArrayList<>(new SystemFiles(paths).all());
    parts.add(paths.run());
    parts.add(paths.slots());
    parts.add(paths.releases());
    parts.add(paths.current());
    parts.add(paths.store());
    parts.add(paths.trust());
    parts.add(paths.appliance());
    parts.add(paths.secrets());
    parts.add(paths.logs());
    parts.add(paths.configuration());
    parts.add(kept(paths));
    return parts;
  }

  /** May be there before, each as a mount: what is in them is taken away by its parts. */
  private static Stream<Path> tops(HostPaths paths) {
    return Stream.of(paths.programs(), paths.data());
  }

  private static List<Path> deepestFirst(Set<Path> folders) {
    return folders.stream().sorted((a, b) -> b.getNameCount() - a.getNameCount()).toList();
  }

  private static boolean missing(Path path) {
    return !Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  /** Whether the appliance's own data is none of this: it was there before, or is to stay. */
  public boolean leavesData(HostPaths paths) {
    return !trees.contains(paths.appliance());
  }

  /**
   * Takes all of it away, of a service that was stopped; the journal, which says what is left to
   * do, when the rest is gone for good.
   */
  public void remove(HostPaths paths) throws IOException {
    if (leavesData(paths)) {
      keepOne(paths);
    }
    Set<Path> above = new LinkedHashSet<>();
    for (Path tree : trees) {
      Folders.delete(tree);
      above.add(tree.resolveSibling(""));
    }
    for (Path folder : above) {
      if (Files.isDirectory(folder)) {
        DurableFiles.forceFolder(folder);
      }
    }
    DurableFiles.deleteTemporaries(paths.programs());
    Folders.deleteEmpty(folders);
    DurableFiles.deleteTemporaries(paths.data());
    Folders.delete(paths.journal());
    Files.deleteIfExists(paths.lock());
    Folders.deleteEmpty(folders);
  }

  /**
   * Of the databases what was kept for the next release: what this one handed over, or else what it
   * took over before it was taken away itself. The service chose all that is there, links too.
   */
  private static void keepOne(HostPaths paths) throws IOException {
    List<Path> databases = Folders.list(paths.databases());
    Path kept = paths.keptDatabase();
    if (databases.size() == 1 && !databases.contains(kept)) {
      DurableFiles.move(databases.getFirst(), kept);
    } else if (databases.contains(kept)) {
      for (Path other : databases) {
        if (!other.equals(kept)) {
          Folders.delete(other);
        }
      }
      DurableFiles.forceFolder(paths.databases());
    }
  }

  /** Where the journal has it. */
  private static Path file(HostPaths paths) {
    return paths.journal().resolve("install.json");
  }

  public void write(HostPaths paths) throws IOException {
    DurableFiles.createFolders(paths.journal());
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("format", FORMAT);
    put(json.putArray("trees"), trees);
    put(json.putArray("folders"), folders);
    DurableFiles.write(file(paths), json.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static void put(ArrayNode array, List<Path> paths) {
    paths.forEach(path -> array.add(path.toString()));
  }

  /** Of an install that ended before its journal was there, or an uninstall after that. */
  public static Optional<Footprint> findTrace(HostPaths paths) throws IOException {
    boolean trace =
        !missing(paths.lock())
            && missing(file(paths))
            && missing(kept(paths))
            && missing(paths.slots());
    return trace ? Optional.of(new Footprint(List.of(), List.of(paths.data()))) : Optional.empty();
  }

  /** Of a first install that did not come to its end. */
  public static Optional<Footprint> findBegun(HostPaths paths) throws IOException {
    return read(paths, file(paths));
  }

  /** Of the install that this host has. */
  public static Optional<Footprint> findKept(HostPaths paths) throws IOException {
    return read(paths, kept(paths));
  }

  private static Optional<Footprint> read(HostPaths paths, Path file) throws IOException {
    try {
      Fields json = Fields.of(StrictJson.parse(Files.readAllBytes(file)));
      json.integer("format", FORMAT, FORMAT);
      return Optional.of(new Footprint(get(paths, json, "trees"), get(paths, json, "folders")));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (JsonException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /** Only what this host's paths allow: a changed journal must not delete anything else. */
  private static List<Path> get(HostPaths paths, Fields json, String field) throws JsonException {
    List<Path> found = new ArrayList<>();
    for (String text : json.texts(field, PATHS_MAX)) {
      Path path = paths.root().resolve(text);
      boolean ours =
          paths.ours().stream().anyMatch(path::startsWith) || new SystemFiles(paths).isOurs(path);
      boolean above = parts(paths).stream().anyMatch(o -> o.startsWith(path) && !o.equals(path));
      if (!path.equals(path.normalize()) || !(field.equals("folders") ? above : ours)) {
        throw new JsonException(field + " names what is not ours: " + text);
      }
      found.add(path);
    }
    return found;
  }

  /** The install came to its end: kept, so that uninstalling leaves no folder that it made. */
  public static void keep(HostPaths paths) throws IOException {
    DurableFiles.move(file(paths), kept(paths));
  }

  private static Path kept(HostPaths paths) {
    return paths.data().resolve("footprint.json");
  }
}
