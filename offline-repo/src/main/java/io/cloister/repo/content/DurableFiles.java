package io.cloister.repo.content;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/**
 * Files that survive a power cut: written beside their place, forced, moved there in one step, and
 * the folder forced. Whoever reads sees the old bytes or the new ones, never a part.
 */
public final class DurableFiles {
  private static final String TEMPORARY = ".new";
  private static final FileAttribute<Set<PosixFilePermission>> NARROW =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private static final Set<OpenOption> NEW =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

  private DurableFiles() {}

  /** Replaces or creates a file of mode 0644. */
  public static void write(Path file, byte[] bytes) throws IOException {
    write(file, bytes, "rw-r--r--");
  }

  /**
   * Replaces or creates a file.
   *
   * @param permissions e.g. {@code rw-------}, whatever the umask is
   */
  public static void write(Path file, byte[] bytes, String permissions) throws IOException {
    Path temporary = prepare(file, bytes, permissions);
    try {
      move(temporary, file);
    } catch (IOException e) {
      discard(temporary, e);
      throw e;
    }
  }

  /**
   * Makes a file where somebody else chose the place: what is there already, whatever it is, and
   * what lies beside it, stays. After a power cut the new file may be there in part.
   *
   * @param permissions as for {@link #write(Path, byte[], String)}
   * @throws java.nio.file.FileAlreadyExistsException of two that try at once one fails
   */
  public static void create(Path file, byte[] bytes, String permissions) throws IOException {
    try (FileChannel channel = FileChannel.open(file, NEW, NARROW)) {
      try {
        fill(channel, bytes);
        Set<PosixFilePermission> mode = PosixFilePermissions.fromString(permissions);
        // By name: whoever owns the folder may have put a link there meanwhile.
        if (!mode.equals(NARROW.value())) {
          Files.setPosixFilePermissions(file, mode);
        }
        channel.force(true);
      } catch (IOException e) {
        discard(file, e);
        throw e;
      }
    }
    forceFolder(parent(file));
  }

  /** What writes a file's content. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes a file for its owner alone where somebody else chose the place: whole or not at all.
   *
   * @throws FileAlreadyExistsException something is there already
   */
  public static void putNew(Path file, Content content) throws IOException {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    // Made and written by one opening: whoever owns the folder could exchange the name.
    Path temporary = parent(file).resolve(".cloister-" + UUID.randomUUID() + ".part");
    try (FileChannel channel = FileChannel.open(temporary, NEW, NARROW)) {
      content.writeTo(Channels.newOutputStream(channel));
      channel.force(true);
      put(temporary, file);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static void fill(FileChannel channel, byte[] bytes) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    while (rest.hasRemaining()) {
      channel.write(rest);
    }
  }

  /** Where the bytes of a file are until they are whole; what an earlier run left there goes. */
  public static Path temporary(Path file) {
    return file.resolveSibling(file.getFileName() + TEMPORARY);
  }

  /** Deletes what a writer that was killed left in a folder of ours; no folder is fine. */
  public static void deleteTemporaries(Path folder) throws IOException {
    if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, "*" + TEMPORARY)) {
        for (Path temporary : left) {
          Files.delete(temporary);
        }
      }
    }
  }

  /** Writes and forces the bytes beside their place; {@link #move} puts them there. */
  public static Path prepare(Path file, byte[] bytes, String permissions) throws IOException {
    Path temporary = temporary(file);
    Files.deleteIfExists(temporary);
    Set<PosixFilePermission> mode = PosixFilePermissions.fromString(permissions);
    try (FileChannel channel = FileChannel.open(temporary, NEW, NARROW)) {
      fill(channel, bytes);
      Files.setPosixFilePermissions(temporary, mode);
      channel.force(true);
    } catch (IOException e) {
      discard(temporary, e);
      throw e;
    }
    return temporary;
  }

  /** Moves a file or folder in one step, within a file system, and forces both folders. */
  public static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    forceFolder(parent(to));
    if (!parent(from).equals(parent(to))) {
      forceFolder(parent(from));
    }
  }

  /**
   * Gives a forced file its name where somebody else chose the place, and never replaces. A hard
   * link does that in one step; where the file system has none (FAT), the move is next best.
   *
   * @throws FileAlreadyExistsException something is there already
   */
  public static void put(Path temporary, Path file) throws IOException {
    try {
      Files.createLink(file, temporary);
    } catch (FileAlreadyExistsException exists) {
      throw exists;
    } catch (IOException | UnsupportedOperationException noLinks) {
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new FileAlreadyExistsException(file.toString());
      }
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }
    Files.deleteIfExists(temporary);
    forceFolder(parent(file));
  }

  /** Makes a folder and those above it, and forces each. */
  public static void createFolders(Path folder) throws IOException {
    Path absolute = folder.toAbsolutePath();
    if (Files.isDirectory(absolute)) {
      return;
    }
    createFolders(parent(absolute));
    Files.createDirectory(absolute);
    forceFolder(parent(absolute));
  }

  /** Deletes a file, if there is one, and forces its folder. */
  public static void deleteIfExists(Path file) throws IOException {
    if (Files.deleteIfExists(file)) {
      forceFolder(parent(file));
    }
  }

  /**
   * Forces a file that was written some other way, its permissions too. Reading is enough leave.
   */
  public static void forceFile(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /**
   * Forces the names in a folder, or in the one that a link leads to: a site may have put {@code
   * /opt} on another disk. Linux lets a folder be opened for reading and forced.
   */
  public static void forceFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static Path parent(Path path) {
    Path parent = path.toAbsolutePath().getParent();
    return parent == null ? path.toAbsolutePath() : parent;
  }

  private static void discard(Path temporary, IOException cause) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }
}
