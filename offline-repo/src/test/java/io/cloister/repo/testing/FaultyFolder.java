package io.cloister.repo.testing;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/** An open folder of a disk that may fail: what is done in it are effects like any other. */
record FaultyFolder(FaultyFileSystem disk, Path folder, DirectoryStream<Path> real, List<Path> all)
    implements SecureDirectoryStream<Path> {

  @Override
  public Iterator<Path> iterator() {
    return all.iterator();
  }

  private Path at(Path name) {
    return folder.resolve(name.toString());
  }

  @Override
  public SecureDirectoryStream<Path> newDirectoryStream(Path name, LinkOption... options)
      throws IOException {
    var attributes = disk.readAttributes(at(name), BasicFileAttributes.class, options);
    if (!attributes.isDirectory()) {
      throw new NotDirectoryException(at(name).toString());
    }
    return disk.open(at(name), _ -> true);
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path name, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return disk.newByteChannel(at(name), options, attributes);
  }

  @Override
  public void deleteFile(Path name) throws IOException {
    disk.delete(at(name));
  }

  @Override
  public void deleteDirectory(Path name) throws IOException {
    disk.delete(at(name));
  }

  @Override
  public void move(Path name, SecureDirectoryStream<Path> target, Path to) {
    throw new UnsupportedOperationException();
  }

  @Override
  @SuppressWarnings("NullAway") // The interface allows null: this view is not available.
  public <V extends FileAttributeView> V getFileAttributeView(Class<V> type) {
    return disk.getFileAttributeView(folder, type);
  }

  @Override
  @SuppressWarnings("NullAway") // Likewise.
  public <V extends FileAttributeView> V getFileAttributeView(
      Path name, Class<V> type, LinkOption... options) {
    return disk.getFileAttributeView(at(name), type, options);
  }

  @Override
  public void close() throws IOException {
    real.close();
  }
}
