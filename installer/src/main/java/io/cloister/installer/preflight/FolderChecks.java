package io.cloister.installer.preflight;

import io.cloister.installer.HostFinding;
import io.cloister.installer.HostFinding.Exposed;
import io.cloister.installer.HostFinding.Exposed.Way;
import io.cloister.installer.HostFinding.FolderIsLink;
import io.cloister.installer.HostFinding.LinkBroken;
import io.cloister.installer.HostFinding.NotWritable;
import io.cloister.installer.HostFinding.ReadOnly;
import io.cloister.installer.HostFinding.SocketPathTooLong;
import io.cloister.installer.host.Facts;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.host.Machine;
import io.cloister.installer.host.Mount;
import io.cloister.installer.host.SystemFiles;
import io.cloister.installer.host.Trail;
import io.cloister.installer.host.Trail.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The folders that everything goes into, and what leads to them. */
record FolderChecks(Machine machine, Facts facts, HostPaths paths) {
  private static final int STICKY = 01000;
  private static final int GROUP_WRITES = 00020;
  private static final int OTHERS_WRITE = 00002;

  Check socketPath() {
    int bytes = paths.socketPathBytes();
    String needed = HostPaths.SOCKET_PATH_BYTES_MAX + " bytes or less";
    return bytes <= HostPaths.SOCKET_PATH_BYTES_MAX
        ? Check.ok("socket path", bytes + " bytes", needed)
        : Check.unfit(
            "socket path",
            bytes + " bytes",
            needed,
            new SocketPathTooLong(
                paths.socket(HostPaths.LONG_RELEASE), bytes, HostPaths.SOCKET_PATH_BYTES_MAX));
  }

  /** Links above our folders are the site's own affair, as long as they lead somewhere. */
  Check links() throws IOException {
    Set<Path> broken = new LinkedHashSet<>();
    for (Path folder : paths.ours()) {
      Trail.to(folder).broken().ifPresent(broken::add);
    }
    String needed = "folders, and no links";
    if (!broken.isEmpty()) {
      return unfit(
          "links", "broken: " + words(broken), needed, new LinkBroken(List.copyOf(broken)));
    }
    List<Path> links = paths.ours().stream().filter(Files::isSymbolicLink).toList();
    return links.isEmpty()
        ? Check.ok("links", "none of our own", needed)
        : unfit("links", words(links), needed, new FolderIsLink(links));
  }

  private static Check unfit(String name, String found, String needed, HostFinding finding) {
    return Check.unfit(name, found, needed, finding);
  }

  /** For a row: the message names all of them. */
  private static String words(Collection<Path> paths) {
    Path first = paths.iterator().next();
    return paths.size() == 1 ? first.toString() : first + " and " + (paths.size() - 1) + " more";
  }

  /**
   * Whoever may change a folder on the way may have this user, and the service, run their programs.
   * Root has most to lose. A trial below somebody's folder is that person's.
   */
  Check owners() throws IOException {
    Set<Way> ways = new LinkedHashSet<>();
    boolean grave = false;
    for (Path folder : guarded()) {
      for (Step step : Trail.to(folder).steps()) {
        Optional<Danger> danger = danger(step);
        danger.ifPresent(d -> ways.add(new Way(step.path(), d.who())));
        grave |= danger.isPresent() && danger.get().grave();
      }
    }
    String needed = "only root or this user writes there";
    if (ways.isEmpty()) {
      return Check.ok("owners", "safe", needed);
    }
    String user = facts.credentials().isRoot() ? "root" : System.getProperty("user.name");
    var finding = new Exposed(user, List.copyOf(ways));
    Way first = finding.ways().getFirst();
    String found = first.path() + ": " + first.who();
    return grave && facts.credentials().isRoot()
        ? Check.unfit("owners", found, needed, finding)
        : Check.warning("owners", found, needed, finding);
  }

  /** What holds programs, trust and settings. The socket's folder is the service's own. */
  private List<Path> guarded() {
    return List.of(
        paths.programs(),
        paths.data(),
        paths.configuration(),
        paths.logs().resolveSibling(""),
        paths.run().resolveSibling(""));
  }

  private record Danger(String who, boolean grave) {}

  /** In a folder with the sticky bit only the owner of an entry may replace it (inode(7)). */
  private Optional<Danger> danger(Step step) {
    long user = facts.credentials().user();
    if (step.user() != 0 && step.user() != user) {
      return Optional.of(new Danger("it belongs to user " + step.user(), paths.isHost()));
    }
    if (step.link() || (step.mode() & STICKY) != 0) {
      return Optional.empty();
    }
    if ((step.mode() & OTHERS_WRITE) != 0) {
      return Optional.of(new Danger("everyone may write there", true));
    }
    boolean others = step.group() != 0 && step.group() != facts.credentials().group();
    return others && (step.mode() & GROUP_WRITES) != 0
        ? Optional.of(new Danger("group " + step.group() + " may write there", false))
        : Optional.empty();
  }

  /** A disk that nobody may write is told as such, and not as a missing permission. */
  Check writable() throws IOException {
    Set<Path> folders = new LinkedHashSet<>();
    paths.ours().forEach(folder -> folders.add(Machine.nearestExisting(folder)));
    new SystemFiles(paths)
        .all()
        .forEach(file -> folders.add(Machine.nearestExisting(file.resolveSibling(""))));
    Set<Path> readOnly = new LinkedHashSet<>();
    List<Path> closed = new ArrayList<>();
    for (Path folder : folders) {
      if (!Files.exists(folder)) {
        continue; // A link to nothing, which links() tells.
      }
      Optional<Mount> mount = facts.findMount(folder.toRealPath());
      if (mount.isPresent() && mount.get().options().contains("ro")) {
        readOnly.add(mount.get().point());
      } else if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
        closed.add(folder);
      }
    }
    String needed = "this user may write";
    if (!readOnly.isEmpty()) {
      return unfit(
          "writable", "read-only: " + words(readOnly), needed, new ReadOnly(List.copyOf(readOnly)));
    }
    return closed.isEmpty()
        ? Check.ok("writable", "every folder", needed)
        : unfit(
            "writable",
            "closed: " + words(closed),
            needed,
            new NotWritable(closed, System.getProperty("user.name")));
  }
}
