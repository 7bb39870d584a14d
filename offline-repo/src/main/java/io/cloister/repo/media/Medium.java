package io.cloister.repo.media;

import io.cloister.repo.MediaRefusal;
import io.cloister.repo.MediaRefusal.Where;
import io.cloister.repo.RefusedException;
import io.cloister.repo.content.FileName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A folder that somebody handed over. Nothing on it is believed: links and special files are
 * refused, every read has a limit, every fault names file and offset.
 */
public final class Medium {
  /** Every medium has both; where one is left, its fault is found later and named. */
  private static final List<String> MARKS =
      List.of("metadata/1.root.json", "metadata/timestamp.json");

  private final Path folder;

  private Medium(Path folder) {
    this.folder = folder;
  }

  /** The folder may itself be reached through links: the operator typed it. */
  public static Medium folder(Path folder) throws RefusedException {
    try {
      Path real = folder.toRealPath();
      if (!Files.isDirectory(real)) {
        throw new RefusedException(new MediaRefusal.NoMedium(folder.toString(), "not a folder"));
      }
      if (MARKS.stream().allMatch(mark -> Files.notExists(real.resolve(mark)))) {
        throw new RefusedException(new MediaRefusal.NotAMedium(folder.toString()));
      }
      return new Medium(real);
    } catch (NoSuchFileException e) {
      throw new RefusedException(new MediaRefusal.NoMedium(folder.toString(), "no such folder"));
    } catch (IOException e) {
      throw new RefusedException(new MediaRefusal.NoMedium(folder.toString(), words(e)));
    }
  }

  /** Where it is, for messages. */
  public Path folder() {
    return folder;
  }

  /** All bytes of a file of at most {@code bytesMax} bytes. */
  public byte[] read(Where where, int bytesMax) throws RefusedException {
    return find(where, bytesMax)
        .orElseThrow(() -> new RefusedException(new MediaRefusal.MissingFile(where)));
  }

  /** All bytes of a file that may be absent. */
  public Optional<byte[]> find(Where where, int bytesMax) throws RefusedException {
    return findPlainFile(where).isEmpty()
        ? Optional.empty()
        : Optional.of(readUpTo(where, bytesMax));
  }

  /** All bytes of a file whose length is known; neither a shorter nor a longer one is taken. */
  public byte[] readExactly(Where where, int length) throws RefusedException {
    try (MediumFile file = open(where)) {
      return file.readExactly(length);
    }
  }

  /**
   * Opens a plain file; reads past the end of what the caller expects are the caller's to limit.
   */
  public MediumFile open(Where where) throws RefusedException {
    Path path =
        findPlainFile(where)
            .orElseThrow(() -> new RefusedException(new MediaRefusal.MissingFile(where)));
    try {
      SeekableByteChannel channel =
          Files.newByteChannel(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
      InputStream stream = Channels.newInputStream(channel);
      return new MediumFile(where, stream);
    } catch (IOException e) {
      throw refused(where, 0, e);
    }
  }

  private byte[] readUpTo(Where where, int bytesMax) throws RefusedException {
    try (MediumFile file = open(where)) {
      return file.readUpTo(bytesMax);
    }
  }

  /** Every folder on the way must be a folder, not a link to somewhere else on the machine. */
  private Optional<Path> findPlainFile(Where where) throws RefusedException {
    Path path = folder;
    String[] segments = FileName.check(where.file()).split("/", -1);
    for (int i = 0; i < segments.length; i++) {
      path = path.resolve(segments[i]);
      Optional<BasicFileAttributes> found = attributes(path, where);
      if (found.isEmpty()) {
        return Optional.empty();
      }
      boolean last = i == segments.length - 1;
      if (last ? !found.get().isRegularFile() : !found.get().isDirectory()) {
        throw new RefusedException(new MediaRefusal.NotAPlainFile(where, kind(found.get())));
      }
    }
    return Optional.of(path);
  }

  private static Optional<BasicFileAttributes> attributes(Path path, Where where)
      throws RefusedException {
    try {
      return Optional.of(
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw refused(where, 0, e);
    }
  }

  private static String kind(BasicFileAttributes found) {
    if (found.isSymbolicLink()) {
      return "a symbolic link";
    }
    if (found.isDirectory()) {
      return "a folder";
    }
    return found.isRegularFile() ? "a plain file" : "a device, pipe or socket";
  }

  /** A drive that fails and a user who may not read need different remedies. */
  static RefusedException refused(Where where, long offset, IOException fault) {
    return new RefusedException(
        fault instanceof AccessDeniedException
            ? new MediaRefusal.NotPermitted(where, System.getProperty("user.name", ""))
            : new MediaRefusal.Unreadable(where, offset, words(fault)));
  }

  private static String words(IOException fault) {
    if (fault instanceof AccessDeniedException denied) {
      return "permission denied: " + denied.getFile();
    }
    String message = fault.getMessage();
    return message == null ? fault.getClass().getSimpleName() : message;
  }
}
