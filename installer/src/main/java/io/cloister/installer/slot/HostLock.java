package io.cloister.installer.slot;

import io.cloister.installer.InstallRefusal;
import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.host.HostPaths;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * One command at a time changes a host. The lock is the kernel's, so a killed command holds
 * nothing; the file goes when nothing is installed, and whoever waited for a file that is gone asks
 * again.
 */
public final class HostLock implements AutoCloseable {
  private final FileChannel channel;

  private HostLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Takes the lock, or refuses at once when another command holds it. */
  public static HostLock take(HostPaths paths) throws IOException, InstallRefusedException {
    while (true) {
      Files.createDirectories(paths.data());
      Optional<Object> file = fileAt(paths.lock());
      FileChannel channel =
          FileChannel.open(paths.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!locked(channel)) {
        channel.close();
        throw new InstallRefusedException(new InstallRefusal.Busy(paths.lock()));
      }
      if (file.isPresent() && file.equals(fileAt(paths.lock()))) {
        return new HostLock(channel);
      }
      channel.close();
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /**
   * Which file has this name now; empty when none has. By stat: opening and closing the file once
   * more would drop the lock (POSIX record locks belong to the process).
   */
  private static Optional<Object> fileAt(Path path) throws IOException {
    try {
      return Optional.of(Files.getAttribute(path, "unix:ino"));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
