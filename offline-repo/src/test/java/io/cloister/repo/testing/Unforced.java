package io.cloister.repo.testing;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The changes that nobody forced to the disk yet, each with the way to undo it. What a file holds
 * and who may read it is forced with the file; which names a folder has, with the folder. A move
 * from one folder to another is one change, as journalling file systems have it: forcing either
 * folder forces it. Whatever is deleted or overwritten lies in a shadow folder meanwhile, so that
 * no inode is used again.
 */
final class Unforced {
  private static final Set<PosixFilePermission> ALL = PosixFilePermissions.fromString("rwx------");

  private final Path shadow;
  private final Deque<Change> changes = new ArrayDeque<>();
  private final Set<Object> changedFiles = new HashSet<>();
  private int kept;

  /** On the same file system as what is looked after. */
  Unforced(Path shadow) {
    this.shadow = shadow;
  }

  private record Change(Set<Object> forcedBy, Undo undo) {}

  @FunctionalInterface
  private interface Undo {
    void run() throws IOException;
  }

  /** What a name stands for, whatever it is called later. */
  static Object key(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .fileKey();
  }

  private static boolean exists(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  private static boolean isFolder(Path path) {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }

  private static Path parent(Path path) {
    return path.resolveSibling("").toAbsolutePath().normalize();
  }

  private Path next() {
    kept++;
    return shadow.resolve(String.valueOf(kept));
  }

  synchronized void created(Path path) throws IOException {
    Object made = key(path);
    Undo undo =
        () -> {
          if (exists(path) && key(path).equals(made)) {
            aside(path);
          }
        };
    changes.push(new Change(Set.of(key(parent(path))), undo));
  }

  /** Whatever it is, and whatever is in it by now. */
  private Path aside(Path path) throws IOException {
    if (isFolder(path) && !Files.isWritable(path)) {
      Files.setPosixFilePermissions(path, ALL);
    }
    return Files.move(path, next());
  }

  /** Takes its place. */
  synchronized void delete(Path path) throws IOException {
    if (isFolder(path)) {
      try (Stream<Path> entries = Files.list(path)) {
        if (entries.findAny().isPresent()) {
          throw new DirectoryNotEmptyException(path.toString());
        }
      }
    }
    Path gone = aside(path);
    Undo undo =
        () -> {
          if (isFolder(parent(path)) && !exists(path)) {
            Files.move(gone, path);
          }
        };
    changes.push(new Change(Set.of(key(parent(path))), undo));
  }

  /** Before a move in one step. */
  synchronized void moving(Path from, Path to) throws IOException {
    Object moved = key(from);
    Path replaced = next();
    if (exists(to) && !isFolder(to)) {
      Files.createLink(replaced, to);
    }
    Undo undo =
        () -> {
          if (exists(to) && key(to).equals(moved) && isFolder(parent(from))) {
            Files.move(to, from, StandardCopyOption.ATOMIC_MOVE);
            if (exists(replaced)) {
              Files.move(replaced, to, StandardCopyOption.ATOMIC_MOVE);
            }
          }
        };
    Set<Object> folders = new HashSet<>(Set.of(key(parent(from))));
    folders.add(key(parent(to)));
    changes.push(new Change(folders, undo));
  }

  /** Before the bytes of a file change; one without a name is lost in any case. */
  synchronized void writing(Path file) throws IOException {
    if (!exists(file)) {
      return;
    }
    Object key = key(file);
    if (changedFiles.add(key)) {
      Path before = Files.copy(file, next());
      Path link = Files.createLink(next(), file);
      changes.push(new Change(Set.of(key), () -> restore(before, link)));
    }
  }

  private static void restore(Path before, Path file) throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    Files.setPosixFilePermissions(file, ALL);
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        FileChannel bytes = FileChannel.open(before)) {
      bytes.transferTo(0, bytes.size(), channel);
    }
    Files.setPosixFilePermissions(file, permissions);
  }

  /** Before permissions change. */
  synchronized void permitting(Path path) throws IOException {
    Set<PosixFilePermission> before = Files.getPosixFilePermissions(path);
    Path same = isFolder(path) ? path : Files.createLink(next(), path);
    changes.push(new Change(Set.of(key(path)), () -> Files.setPosixFilePermissions(same, before)));
  }

  synchronized void forced(Object key) {
    changes.removeIf(change -> change.forcedBy().contains(key));
    changedFiles.remove(key);
  }

  /** What nobody forced may be on the disk as well. */
  synchronized void keepSome(Random luck) {
    Set<Object> keys = new LinkedHashSet<>();
    changes.descendingIterator().forEachRemaining(change -> keys.addAll(change.forcedBy()));
    keys.stream().filter(_ -> luck.nextBoolean()).forEach(this::forced);
  }

  /** Undoes all of it, the latest first; what went with a folder that is gone stays gone. */
  synchronized void lose() throws IOException {
    while (!changes.isEmpty()) {
      try {
        changes.pop().undo().run();
      } catch (NoSuchFileException _) {
        // It went with its folder.
      }
    }
    changedFiles.clear();
  }
}
