package io.cloister.installer.host;

import io.cloister.repo.content.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What makes Cloister a service of its host, outside its own folders: units, the service's user,
 * the command on the path. A release brings the texts in its folder {@code systemd}: so a new one
 * runs under its own rules, whichever program puts it into service.
 */
public record SystemFiles(HostPaths paths) {
  /** Every unit of ours begins so; another one may be the site's, whatever its name is. */
  private static final String MADE = "# Made by cloister install";

  private static final String NEW = ".new";

  private static final Pattern UNIT =
      Pattern.compile("cloister[a-z@-]*\\.(service|socket|timer|path)");
  private static final Pattern RELEASE_UNIT =
      Pattern.compile("cloister@([0-9][0-9a-z.-]*)\\.service(\\.d)?");

  private static final String TEMPLATE = "cloister@.service";
  private static final String PROBATION = "probation.conf";

  /** What is started at boot, and what for. */
  private static final Map<String, String> WANTED =
      Map.of(
          "cloister.service", "multi-user.target",
          "cloister-inference.socket", "sockets.target",
          "cloister-console.socket", "sockets.target");

  /** The unit of a release. */
  static String unit(String release) {
    return "cloister@" + release + ".service";
  }

  private Path units() {
    return paths.root().resolve("etc/systemd/system");
  }

  /** Declares the service's user (sysusers.d(5)). */
  Path users() {
    return paths.root().resolve("etc/sysusers.d/cloister.conf");
  }

  /** There while a release is on probation. */
  private Path probation(String release) {
    return units().resolve(unit(release) + ".d").resolve(PROBATION);
  }

  boolean isOnProbation(String release) {
    return Files.exists(probation(release));
  }

  /**
   * What every release has, of a host of its own; the other units are those that a release brings.
   */
  public List<Path> all() {
    if (!paths.isHost()) {
      return List.of();
    }
    List<Path> all = new ArrayList<>(links().keySet());
    WANTED.keySet().forEach(unit -> all.add(units().resolve(unit)));
    all.add(users());
    return List.copyOf(all);
  }

  /** Whether some release may have it outside our own folders. */
  public boolean isOurs(Path path) {
    return all().contains(path)
        || (path.startsWith(units()) && UNIT.matcher(String.valueOf(path.getFileName())).matches());
  }

  /** Symbolic links, and where they point. */
  private Map<Path, Path> links() {
    Map<Path, Path> links = new TreeMap<>();
    WANTED.forEach(
        (unit, wanting) ->
            links.put(units().resolve(wanting + ".wants").resolve(unit), units().resolve(unit)));
    links.put(
        paths.root().resolve("usr/local/bin/cloister"), paths.current().resolve("bin/cloister"));
    for (String file :
        List.of(
            "man/man8/cloister.8",
            "bash-completion/completions/cloister",
            "zsh/site-functions/_cloister")) {
      links.put(
          paths.root().resolve("usr/local/share").resolve(file),
          paths.current().resolve("share").resolve(file));
    }
    return links;
  }

  /**
   * Writes the units, as far as they are not so.
   *
   * @param listeners by name
   */
  void writeUnits(String release, Map<String, Listener> listeners) throws IOException {
    var _ = write(units(release, listeners));
  }

  /** Whether any was not so already. */
  private static boolean write(Map<Path, String> texts) throws IOException {
    boolean changed = false;
    for (Map.Entry<Path, String> file : texts.entrySet()) {
      if (!is(file.getKey(), file.getValue())) {
        DurableFiles.createFolders(file.getKey().resolveSibling(""));
        DurableFiles.write(file.getKey(), file.getValue().getBytes(StandardCharsets.UTF_8));
        changed = true;
      }
    }
    return changed;
  }

  /** Writes what a first install needs beside the units, as far as it is not so. */
  void writeOthers(String release) throws IOException {
    var _ = write(Map.of(users(), text(release, "cloister.sysusers")));
    for (Map.Entry<Path, Path> link : links().entrySet()) {
      if (!points(link.getKey(), link.getValue())) {
        Path folder = link.getKey().resolveSibling("");
        DurableFiles.createFolders(folder);
        Files.deleteIfExists(link.getKey());
        Files.createSymbolicLink(link.getKey(), link.getValue());
        DurableFiles.forceFolder(folder);
      }
    }
  }

  /**
   * While it is on probation, a release that ends is not started again; every other is.
   *
   * @return whether that was not so already
   */
  boolean setOnProbation(Optional<String> release) throws IOException {
    Map<Path, String> wanted = new TreeMap<>();
    if (release.isPresent()) {
      wanted.put(probation(release.get()), text(release.get(), PROBATION));
    }
    boolean changed = write(wanted);
    for (Path folder : Folders.list(units())) {
      Path file = folder.resolve(PROBATION);
      boolean own = RELEASE_UNIT.matcher(folder.getFileName().toString()).matches();
      if (own && Files.exists(file) && !wanted.containsKey(file)) {
        DurableFiles.deleteIfExists(file);
        Folders.deleteEmpty(List.of(folder));
        changed = true;
      }
    }
    return changed;
  }

  /** Deletes the units that none of these releases brings, and what was not written whole. */
  public void deleteReleasesExcept(Set<String> kept) throws IOException {
    if (paths.isHost()) {
      deleteUnitsExcept(kept);
    }
  }

  void deleteUnitsExcept(Set<String> kept) throws IOException {
    Set<String> brought = new HashSet<>();
    boolean known = true;
    for (String release : kept) {
      List<String> common = common(release);
      known &= !common.isEmpty();
      brought.addAll(common);
    }
    Set<String> left = new HashSet<>();
    for (Path release : Folders.list(paths.releases())) {
      left.addAll(common(release.getFileName().toString()));
    }
    left.removeAll(brought);
    for (Path file : Folders.list(units())) {
      String name = file.getFileName().toString();
      Matcher matcher = RELEASE_UNIT.matcher(name);
      boolean others = matcher.matches() && !kept.contains(matcher.group(1));
      // Of a release whose files are gone nobody knows what it brings, until it is repaired.
      boolean dropped = known && left.contains(name) && isOurUnit(file);
      if (others || dropped || isUnfinished(name)) {
        Folders.delete(file);
      }
    }
    for (String release : kept) {
      Files.deleteIfExists(DurableFiles.temporary(probation(release)));
    }
  }

  private static boolean isUnfinished(String name) {
    String unit = name.endsWith(NEW) ? name.substring(0, name.length() - NEW.length()) : "";
    return UNIT.matcher(unit).matches() || RELEASE_UNIT.matcher(unit).matches();
  }

  private static boolean isOurUnit(Path file) throws IOException {
    return UNIT.matcher(file.getFileName().toString()).matches()
        && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        && Files.readString(file, StandardCharsets.ISO_8859_1).startsWith(MADE);
  }

  /** The units that a release brings beside its own one; none where its files are gone. */
  private List<String> common(String release) throws IOException {
    return Folders.list(texts(release)).stream()
        .map(file -> file.getFileName().toString())
        .filter(name -> UNIT.matcher(name).matches() && !name.equals(TEMPLATE))
        .toList();
  }

  private Map<Path, String> units(String release, Map<String, Listener> listeners)
      throws IOException {
    Map<Path, String> units = new TreeMap<>();
    for (String unit : common(release)) {
      units.put(units().resolve(unit), filled(release, unit, listeners));
    }
    units.put(units().resolve(unit(release)), filled(release, TEMPLATE, listeners));
    return units;
  }

  /** Whether a unit is as the other release has it, and not as this one does. */
  boolean hasUnitOf(String other, String release, Map<String, Listener> listeners)
      throws IOException {
    Map<Path, String> own = units(release, listeners);
    for (Map.Entry<Path, String> unit : units(other, listeners).entrySet()) {
      String wanted = own.getOrDefault(unit.getKey(), unit.getValue());
      if (!wanted.equals(unit.getValue()) && is(unit.getKey(), unit.getValue())) {
        return true;
      }
    }
    return false;
  }

  /** Those that are not as they would be written. */
  List<Path> findChanged(String release, Map<String, Listener> listeners) throws IOException {
    List<Path> changed = new ArrayList<>();
    Map<Path, String> texts = units(release, listeners);
    texts.put(users(), text(release, "cloister.sysusers"));
    for (Map.Entry<Path, String> file : texts.entrySet()) {
      if (!is(file.getKey(), file.getValue())) {
        changed.add(file.getKey());
      }
    }
    for (Map.Entry<Path, Path> link : links().entrySet()) {
      if (!points(link.getKey(), link.getValue())) {
        changed.add(link.getKey());
      }
    }
    return changed;
  }

  private static boolean is(Path file, String text) throws IOException {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        && Files.readString(file).equals(text);
  }

  private static boolean points(Path link, Path to) throws IOException {
    return Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(to);
  }

  private String filled(String release, String unit, Map<String, Listener> listeners)
      throws IOException {
    String filled =
        text(release, unit)
            .replace("@confinement@", text(release, "confinement.conf").strip())
            .replace("@credential@", new DataKeyFile(paths).setting())
            .replace("@release@", release);
    for (Map.Entry<String, Listener> each : listeners.entrySet()) {
      filled = filled.replace("@" + each.getKey() + "@", each.getValue().numeric());
    }
    return filled;
  }

  private String text(String release, String name) throws IOException {
    return Files.readString(texts(release).resolve(name));
  }

  private Path texts(String release) {
    return paths.release(release).resolve("systemd");
  }
}
