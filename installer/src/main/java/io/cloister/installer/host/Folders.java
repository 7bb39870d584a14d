package io.cloister.installer.host;

import io.cloister.repo.content.DurableFiles;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
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

  private Folders() {}

  /** Deletes the tree, read-only folders included; nothing there is fine. */
  public static void delete(Path tree) throws IOException {
    if (Files.isDirectory(tree, LinkOption.NOFOLLOW_LINKS)) {
      Files.walkFileTree(tree, new Deleting());
    } else {
      Files.deleteIfExists(tree);
    }
  }

  /** Deletes these folders as far as they are empty. */
  public static void deleteEmpty(List<Path> folders) throws IOException {
    for (Path folder : folders) {
      try {
        DurableFiles.deleteIfExists(folder);
      } catch (DirectoryNotEmptyException e) {
        // Somebody else's file is in it: it stays.
      }
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

  private static final class Deleting extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
        throws IOException {
      if (!Files.isWritable(folder)) {
        Files.setPosixFilePermissions(folder, OWNER_MAY_WRITE);
      }
      return FileVisitResult.CONTINUE;
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
      Files.delete(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
