package io.cloister.installer.backup;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A folder that the service may change while root reads it. Each step goes from an open folder to
 * what lies in it and follows no link (openat(2)): a service that was taken over cannot have root
 * read or delete anything else.
 *
 * @param path itself in a folder of root's
 */
public record ServiceFolder(Path path) {
  private static final int BYTES_MAX = 64 << 20;

  /** What one who looks into a folder does there. */
  @FunctionalInterface
  private interface Look<T> {
    T at(SecureDirectoryStream<Path> folder) throws IOException;
  }

  /** A plain file of at most 64 MiB, in a folder in this one. */
  public byte[] read(List<String> folders, String name) throws IOException {
    return open(
        folders,
        folder -> {
          Path file = Path.of(name);
          refuseUnlessPlain(folder, file);
          var options = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
          try (SeekableByteChannel channel = folder.newByteChannel(file, options)) {
            if (channel.size() > BYTES_MAX) {
              throw new IOException(path + ": " + name + " has over " + BYTES_MAX + " bytes");
            }
            return Channels.newInputStream(channel).readNBytes(BYTES_MAX);
          }
        });
  }

  /** Deletes a folder of files in a folder of this one, if it is there. */
  public void delete(String folder, String files) throws IOException {
    try {
      open(List.of(folder, files), ServiceFolder::empty);
      open(
          List.of(folder),
          above -> {
            above.deleteDirectory(Path.of(files));
            return true;
          });
    } catch (NoSuchFileException e) {
      // Nothing was made there.
    }
  }

  private static boolean empty(SecureDirectoryStream<Path> folder) throws IOException {
    List<Path> names = new ArrayList<>();
    folder.forEach(entry -> names.add(entry.getFileName()));
    for (Path name : names) {
      folder.deleteFile(name);
    }
    return true;
  }

  private static void refuseUnlessPlain(SecureDirectoryStream<Path> folder, Path file)
      throws IOException {
    var view =
        folder.getFileAttributeView(file, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (!view.readAttributes().isRegularFile()) {
      throw new IOException(file + " of the service is not a plain file");
    }
  }

  private <T> T open(List<String> folders, Look<T> look) throws IOException {
    try (var top = Files.newDirectoryStream(path)) {
      if (!(top instanceof SecureDirectoryStream<Path> secure)) {
        throw new NotDirectoryException(path.toString());
      }
      return open(secure, folders, look);
    }
  }

  private static <T> T open(SecureDirectoryStream<Path> at, List<String> folders, Look<T> look)
      throws IOException {
    if (folders.isEmpty()) {
      return look.at(at);
    }
    Path next = Path.of(folders.getFirst());
    try (var inner = at.newDirectoryStream(next, LinkOption.NOFOLLOW_LINKS)) {
      return open(inner, folders.subList(1, folders.size()), look);
    }
  }
}
