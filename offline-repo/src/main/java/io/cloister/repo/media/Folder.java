package io.cloister.repo.media;

import io.cloister.repo.MediaRefusal;
import io.cloister.repo.MediaRefusal.Where;
import io.cloister.repo.RefusedException;
import io.cloister.repo.content.FileName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A folder; links and special files in it are refused. */
final class Folder implements Seekable {
  /** As the publisher names them. */
  private static final Pattern VOLUME = Pattern.compile("volume-[0-9]+-of-[0-9]+(\\.tar)?");

  private final Path folder;

  private Folder(Path folder) {
    this.folder = folder;
  }

  static Folder open(Path folder) throws RefusedException {
    try {
      Path real = folder.toRealPath();
      if (!Files.isDirectory(real)) {
        throw new RefusedException(new MediaRefusal.NoMedium(folder.toString(), "not a folder"));
      }
      if (MARKS.stream().allMatch(mark -> Files.notExists(real.resolve(mark)))) {
        throw new RefusedException(new MediaRefusal.NotAMedium(folder.toString()));
      }
      return new Folder(real);
    } catch (NoSuchFileException e) {
      throw new RefusedException(new MediaRefusal.NoMedium(folder.toString(), "no such folder"));
    } catch (IOException e) {
      throw new RefusedException(new MediaRefusal.NoMedium(folder.toString(), MediumFile.words(e)));
    }
  }

  /** The volumes that lie in a folder which is no medium itself, by name; else the path alone. */
  static List<Path> volumes(Path path) {
    if (!Files.isDirectory(path)
        || MARKS.stream().anyMatch(mark -> Files.exists(path.resolve(mark)))) {
      return List.of(path);
    }
    try (Stream<Path> entries = Files.list(path)) {
      List<Path> volumes =
          entries
              .filter(each -> VOLUME.matcher(name(each)).matches() && isPlain(each))
              .sorted()
              .toList();
      return volumes.isEmpty() ? List.of(path) : volumes;
    } catch (IOException | UncheckedIOException e) {
      return List.of(path);
    }
  }

  /** Nobody typed its name: a link leads off the medium, and a pipe has no end. */
  private static boolean isPlain(Path path) {
    return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
        || Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  @Override
  public String name() {
    return folder.toString();
  }

  @Override
  public Optional<MediumFile> findFile(Where where) throws RefusedException {
    Optional<Path> path = findPlainFile(where);
    if (path.isEmpty()) {
      return Optional.empty();
    }
    try {
      SeekableByteChannel channel =
          Files.newByteChannel(
              path.get(), Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
      return Optional.of(new MediumFile(where, Channels.newInputStream(channel)));
    } catch (IOException e) {
      throw MediumFile.refused(where, 0, e);
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
      throw MediumFile.refused(where, 0, e);
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
}
