package io.cloister.repo.testing;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.StreamSupport;

/**
 * The default file system, of which one effect goes wrong as a {@link Fault} says. Effects are what
 * changes the disk: making a name, writing, cutting off, moving, deleting, changing permissions and
 * forcing; opening for writing what is there is none. They count from 1. Reading fails where a file
 * has a {@link #scratch}, and after the end of a process that a fault ends.
 *
 * <p>Not modelled: what other processes write, times, the order in which a disk keeps forced bytes,
 * and a disk that forgets what was forced. Nothing is really forced.
 */
public final class FaultyFileSystem extends FileSystemProvider {
  private final FileSystemProvider real = Path.of("/").getFileSystem().provider();
  private final FaultyPaths paths = new FaultyPaths(this);
  private final Disk disk;
  private final Map<Path, Scratch> scratches = new ConcurrentHashMap<>();
  private final Map<Path, Integer> opened = new ConcurrentHashMap<>();

  /** Bytes of a file that cannot be read. */
  record Scratch(long from, long to) {
    static final Scratch NONE = new Scratch(Long.MAX_VALUE, Long.MAX_VALUE);
  }

  private FaultyFileSystem(Disk disk) {
    this.disk = disk;
  }

  /**
   * {@link Fault#BROKEN} from that effect on.
   *
   * @param message of the IOException, e.g. {@code No space left on device}
   */
  public FaultyFileSystem(int failsAt, String message) {
    this(new Disk(new Effects(Fault.BROKEN, failsAt, message), Optional.empty()));
  }

  /**
   * Another fault at that effect.
   *
   * @param shadow an empty folder of the same file system, for what {@link Fault#LOST} brings back
   */
  public static FaultyFileSystem with(Fault fault, int at, Path shadow) {
    String message = fault == Fault.FULL ? "No space left on device" : "Input/output error";
    var unforced = fault.loses() ? Optional.of(new Unforced(shadow)) : Optional.<Unforced>empty();
    return new FaultyFileSystem(new Disk(new Effects(fault, at, message), unforced));
  }

  /** Nothing goes wrong. */
  public static FaultyFileSystem sound() {
    return new FaultyFileSystem(Integer.MAX_VALUE, "");
  }

  /** Somebody else does something, elsewhere, just before that effect. */
  public void before(int effect, Runnable deed) {
    disk.effects().before(effect, deed);
  }

  /** What gives paths that are seen through this. */
  public FileSystem fileSystem() {
    return paths;
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

  /** What was begun, in that order, and what failed among it. */
  public List<Effect> begun() {
    return disk.effects().begun();
  }

  /**
   * Of a fault that {@link Fault#loses}: the disk as the next start finds it.
   *
   * @param luck which files and folders reached the disk though nobody forced them
   */
  public void losePower(Random luck) throws IOException {
    if (disk.unforced().isPresent()) {
      if (disk.effects().fault() == Fault.LOST_IN_PART) {
        disk.unforced().get().keepSome(luck);
      }
      disk.unforced().get().lose();
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
    Path file = real(path);
    opened.merge(file, 1, Integer::sum);
    disk.look();
    boolean writes =
        options.contains(StandardOpenOption.WRITE) || options.contains(StandardOpenOption.APPEND);
    boolean there = Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    if (writes && !there && makes(options)) {
      Set<OpenOption> lasting = new HashSet<>(options);
      boolean passing = lasting.remove(StandardOpenOption.DELETE_ON_CLOSE);
      disk.create(file, () -> real.newFileChannel(file, lasting, attributes).close());
      lasting.removeAll(Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.CREATE));
      if (passing) {
        lasting.add(StandardOpenOption.DELETE_ON_CLOSE);
      }
      return channel(file, lasting);
    }
    if (writes && there && options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
      disk.beginCutOff(file);
    }
    return channel(file, options);
  }

  private FileChannel channel(Path file, Set<? extends OpenOption> options) throws IOException {
    Scratch scratch = scratches.getOrDefault(file, Scratch.NONE);
    Optional<Object> key = disk.key(file);
    return new FaultyChannel(real.newFileChannel(file, options), file, key, disk, scratch);
  }

  private static boolean makes(Set<? extends OpenOption> options) {
    return options.contains(StandardOpenOption.CREATE)
        || options.contains(StandardOpenOption.CREATE_NEW);
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path folder, DirectoryStream.Filter<? super Path> filter) throws IOException {
    return open(folder, filter);
  }

  SecureDirectoryStream<Path> open(Path folder, DirectoryStream.Filter<? super Path> filter)
      throws IOException {
    disk.look();
    DirectoryStream<Path> stream =
        real.newDirectoryStream(real(folder), each -> filter.accept(paths.wrap(each)));
    List<Path> all = StreamSupport.stream(stream.spliterator(), false).map(paths::wrap).toList();
    return new FaultyFolder(this, folder, stream, all);
  }

  @Override
  public void createDirectory(Path folder, FileAttribute<?>... attributes) throws IOException {
    if (Files.exists(real(folder), LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(folder.toString());
    }
    disk.create(real(folder), () -> real.createDirectory(real(folder), attributes));
  }

  @Override
  public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes)
      throws IOException {
    disk.create(real(link), () -> real.createSymbolicLink(real(link), real(target), attributes));
  }

  @Override
  public Path readSymbolicLink(Path link) throws IOException {
    disk.look();
    return paths.wrap(real.readSymbolicLink(real(link)));
  }

  @Override
  public void delete(Path path) throws IOException {
    disk.look();
    if (Files.exists(real(path), LinkOption.NOFOLLOW_LINKS)) {
      disk.delete(real(path));
    } else {
      throw new NoSuchFileException(path.toString());
    }
  }

  @Override
  public void copy(Path from, Path to, CopyOption... options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void move(Path from, Path to, CopyOption... options) throws IOException {
    disk.move(real(from), real(to), () -> real.move(real(from), real(to), options));
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
    disk.look();
    real.checkAccess(real(path), modes);
  }

  @Override
  @SuppressWarnings("NullAway") // The interface allows null: this view is not available.
  public <V extends FileAttributeView> V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    V view = real.getFileAttributeView(real(path), type, options);
    return view instanceof PosixFileAttributeView posix
        ? type.cast(new FaultyAttributes(posix, () -> disk.beginPermit(real(path))))
        : view;
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    disk.look();
    return real.readAttributes(real(path), type, options);
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String names, LinkOption... options)
      throws IOException {
    disk.look();
    return real.readAttributes(real(path), names, options);
  }

  @Override
  public void setAttribute(Path path, String name, Object value, LinkOption... options) {
    throw new UnsupportedOperationException();
  }
}
