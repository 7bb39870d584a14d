package io.cloister.installer.host;

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
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A folder that the service may change while root reads it. Each step goes from an open folder to
 * what lies in it and follows no link (openat(2)): a service that was taken over cannot have root
 * read or delete anything else.
 *
 * @param path itself in a folder of root's
 */
public record ServiceFolder(Path path) {
  private static final int BYTES_MAX = 64 << 20;

  /** Each level keeps a file open. */
  private static final int DEPTH_MAX = 32;

  /** What one who looks into a folder does there. */
  @FunctionalInterface
  private interface Look<T> {
    T at(SecureDirectoryStream<Path> folder) throws IOException;
  }

  /** A plain file of at most 64 MiB, in a folder in this one. */
  public byte[] read(List<String> folders, String name) throws IOException {
    // For writing too: a pipe is opened at once then (fifo(7)), whoever put it there meanwhile.
    var options =
        Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    return open(
        folders,
        folder -> {
          try (SeekableByteChannel channel = folder.newByteChannel(Path.of(name), options)) {
            refuseUnlessPlain(channel, name);
            if (channel.size() > BYTES_MAX) {
              throw new IOException(path + ": " + name + " has over " + BYTES_MAX + " bytes");
            }
            return Channels.newInputStream(channel).readNBytes(BYTES_MAX);
          }
        });
  }

  /** Of what may be opened for writing only a plain file has a position. */
  private void refuseUnlessPlain(SeekableByteChannel channel, String name) throws IOException {
    try {
      channel.position();
    } catch (IOException e) {
      throw new IOException(path + ": " + name + " is not a plain file", e);
    }
  }

  /** Deletes a file or a tree in a folder in this one, if it is there. */
  public void delete(List<String> folders, String name) throws IOException {
    deleteEach(folders, each -> each.equals(name));
  }

  /** Deletes all in a folder in this one but that, trees included. */
  public void deleteOthers(List<String> folders, Set<String> kept) throws IOException {
    deleteEach(folders, each -> !kept.contains(each));
  }

  private void deleteEach(List<String> folders, Predicate<String> doomed) throws IOException {
    try {
      open(
          folders,
          folder -> {
            for (Path name : names(folder)) {
              if (doomed.test(name.toString())) {
                delete(folder, name, DEPTH_MAX);
              }
            }
            return true;
          });
    } catch (NoSuchFileException e) {
      // There is nothing to delete, or nothing more.
    }
  }

  private static void delete(SecureDirectoryStream<Path> folder, Path name, int depthMax)
      throws IOException {
    if (!attributes(folder, name).isDirectory()) {
      folder.deleteFile(name);
      return;
    }
    if (depthMax == 0) {
      throw new IOException(name + " of the service lies over " + DEPTH_MAX + " folders deep");
    }
    try (var inner = folder.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
      for (Path each : names(inner)) {
        delete(inner, each, depthMax - 1);
      }
    }
    folder.deleteDirectory(name);
  }

  /** Makes all in it that user's, whatever lies behind a link left out. */
  public void giveTo(UserPrincipal user) throws IOException {
    open(List.of(), folder -> giveTo(folder, user, DEPTH_MAX));
  }

  private static boolean giveTo(
      SecureDirectoryStream<Path> folder, UserPrincipal user, int depthMax) throws IOException {
    for (Path name : names(folder)) {
      if (attributes(folder, name).isDirectory() && depthMax > 0) {
        try (var inner = folder.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
          giveTo(inner, user, depthMax - 1);
        }
      }
      folder
          .getFileAttributeView(name, FileOwnerAttributeView.class, LinkOption.NOFOLLOW_LINKS)
          .setOwner(user);
    }
    return true;
  }

  private static List<Path> names(SecureDirectoryStream<Path> folder) {
    List<Path> names = new ArrayList<>();
    folder.forEach(entry -> names.add(entry.getFileName()));
    return names;
  }

  private static BasicFileAttributes attributes(SecureDirectoryStream<Path> folder, Path name)
      throws IOException {
    return folder
        .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .readAttributes();
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
