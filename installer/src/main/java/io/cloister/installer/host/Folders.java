package io.cloister.installer.host;

import io.cloister.repo.content.DurableFiles;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Trees of folders, some of them made read-only. Symbolic links are never followed. */
public final class Folders {
  private static final Set<PosixFilePermission> OWNER_MAY_WRITE =
      PosixFilePermissions.fromString("rwxr-xr-x");

  /** Of a path below a tree: less than Linux takes at once (PATH_MAX), in any encoding. */
  private static final int CHARACTERS_MAX = 1000;

  private Folders() {}

  /**
   * Deletes the tree, read-only folders included, however deep it is; nothing there is fine. Where
   * something is mounted the folder stays, empty. Nobody else may be at work there.
   */
  public static void delete(Path tree) throws IOException {
    if (!Files.isDirectory(tree, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(tree);
      return;
    }
    boolean whole = false;
    while (!whole) {
      var deleting = new Deleting(tree);
      Files.walkFileTree(tree, deleting);
      whole = deleting.raised == 0;
    }
    try {
      Files.delete(tree);
    } catch (FileSystemException e) {
      refuseUnlessMount(tree, e);
    }
  }

  /** Deletes these folders as far as they are empty, and nothing is mounted there. */
  public static void deleteEmpty(List<Path> folders) throws IOException {
    for (Path folder : folders) {
      try {
        DurableFiles.deleteIfExists(folder);
      } catch (DirectoryNotEmptyException e) {
        // Somebody else's file is in it: it stays.
      } catch (FileSystemException e) {
        refuseUnlessMount(folder, e);
      }
    }
  }

  /** The kernel takes no folder away where something is mounted: whoever did that unmounts it. */
  private static void refuseUnlessMount(Path folder, FileSystemException fault) throws IOException {
    if (!Mount.isAt(folder)) {
      throw fault;
    }
  }

  /** Takes the leave to write from everything in the tree, for everyone. */
  public static void makeReadOnly(Path tree) throws IOException {
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path path : (Iterable<Path>) all::iterator) {
        if (!Files.isSymbolicLink(path)) {
          Set<PosixFilePermission> leave = EnumSet.copyOf(Files.getPosixFilePermissions(path));
          leave.remove(PosixFilePermission.OWNER_WRITE);
          leave.remove(PosixFilePermission.GROUP_WRITE);
          leave.remove(PosixFilePermission.OTHERS_WRITE);
          Files.setPosixFilePermissions(path, leave);
        }
      }
    }
  }

  /** What lies in the folder; empty when there is no such folder. */
  public static List<Path> list(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    }
  }

  /** Deletes what is in a tree; what lies too deep is raised to its top, for another walk. */
  private static final class Deleting extends SimpleFileVisitor<Path> {
    private final Path tree;
    private int raised;

    private Deleting(Path tree) {
      this.tree = tree;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
        throws IOException {
      if (!Files.isWritable(folder)) {
        Files.setPosixFilePermissions(folder, OWNER_MAY_WRITE);
      }
      if (folder.toString().length() - tree.toString().length() <= CHARACTERS_MAX) {
        return FileVisitResult.CONTINUE;
      }
      Path place = tree.resolve("deep" + raised++);
      while (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
        place = tree.resolve("deep" + raised++);
      }
      Files.move(folder, place);
      return FileVisitResult.SKIP_SUBTREE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException fault)
        throws IOException {
      if (fault != null) {
        throw fault;
      }
      if (!folder.equals(tree)) {
        Files.delete(folder);
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
