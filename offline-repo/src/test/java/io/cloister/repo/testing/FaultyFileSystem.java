package io.cloister.repo.testing;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.StreamSupport;

/**
 * The default file system, but its n-th operation that changes something fails, and so do all after
 * it: a disk that is full stays full. Opening for writing, writing, forcing, moving, deleting and
 * making folders count. Reading fails where a file has a {@link #scratch}.
 */
public final class FaultyFileSystem extends FileSystemProvider {
  private final FileSystemProvider real = Path.of("/").getFileSystem().provider();
  private final FaultyPaths paths = new FaultyPaths(this);
  private final String fault;
  private final int failsAt;
  private final Map<Path, Scratch> scratches = new ConcurrentHashMap<>();
  private final Map<Path, Integer> opened = new ConcurrentHashMap<>();
  private int operations;

  /** Bytes of a file that cannot be read. */
  record Scratch(long from, long to) {
    static final Scratch NONE = new Scratch(Long.MAX_VALUE, Long.MAX_VALUE);
  }

  /**
   * Counts from 1.
   *
   * @param fault the message of the IOException, e.g. {@code No space left on device}
   */
  public FaultyFileSystem(int failsAt, String fault) {
    this.failsAt = failsAt;
    this.fault = fault;
  }

  /** The same place, seen through this file system. */
  public Path path(Path place) {
    return paths.wrap(place);
  }

  /** From now on reading these bytes of a file fails, as on a disc with a scratch. */
  public void scratch(Path file, long from, long to) {
    scratches.put(real(file), new Scratch(from, to));
  }

  /** How often a file was opened. */
  public int opened(Path file) {
    return opened.getOrDefault(real(file), 0);
  }

  /** How many operations there were. */
  public synchronized int operations() {
    return operations;
  }

  /** Counts one operation, and fails if it is its turn. */
  synchronized void change() throws IOException {
    operations++;
    if (operations >= failsAt) {
      throw new IOException(fault);
    }
  }

  private static Path real(Path path) {
    return FaultyPaths.unwrap(path);
  }

  @Override
  public String getScheme() {
    return "faulty";
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Path getPath(URI uri) {
    throw new UnsupportedOperationException();
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return newFileChannel(path, options, attributes);
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    opened.merge(real(path), 1, Integer::sum);
    if (options.contains(StandardOpenOption.WRITE) || options.contains(StandardOpenOption.APPEND)) {
      change();
    }
    return new FaultyChannel(
        real.newFileChannel(real(path), options, attributes),
        this,
        scratches.getOrDefault(real(path), Scratch.NONE));
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path folder, DirectoryStream.Filter<? super Path> filter) throws IOException {
    DirectoryStream<Path> stream =
        real.newDirectoryStream(real(folder), each -> filter.accept(paths.wrap(each)));
    return new DirectoryStream<>() {
      @Override
      public java.util.Iterator<Path> iterator() {
        return StreamSupport.stream(stream.spliterator(), false).map(paths::wrap).iterator();
      }

      @Override
      public void close() throws IOException {
        stream.close();
      }
    };
  }

  @Override
  public void createDirectory(Path folder, FileAttribute<?>... attributes) throws IOException {
    change();
    real.createDirectory(real(folder), attributes);
  }

  @Override
  public void delete(Path path) throws IOException {
    // Deleting works on a full disk.
    if (Files.exists(real(path), LinkOption.NOFOLLOW_LINKS) && operations < failsAt) {
      change();
    }
    real.delete(real(path));
  }

  @Override
  public void copy(Path from, Path to, CopyOption... options) throws IOException {
    change();
    real.copy(real(from), real(to), options);
  }

  @Override
  public void move(Path from, Path to, CopyOption... options) throws IOException {
    change();
    real.move(real(from), real(to), options);
  }

  @Override
  public boolean isSameFile(Path a, Path b) throws IOException {
    return real.isSameFile(real(a), real(b));
  }

  @Override
  public boolean isHidden(Path path) throws IOException {
    return real.isHidden(real(path));
  }

  @Override
  public FileStore getFileStore(Path path) throws IOException {
    return real.getFileStore(real(path));
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    real.checkAccess(real(path), modes);
  }

  @Override
  @SuppressWarnings("NullAway") // The interface allows null: this view is not available.
  public <V extends FileAttributeView> V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    return real.getFileAttributeView(real(path), type, options);
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    return real.readAttributes(real(path), type, options);
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String names, LinkOption... options)
      throws IOException {
    return real.readAttributes(real(path), names, options);
  }

  @Override
  public void setAttribute(Path path, String name, Object value, LinkOption... options)
      throws IOException {
    change();
    real.setAttribute(real(path), name, value, options);
  }
}
