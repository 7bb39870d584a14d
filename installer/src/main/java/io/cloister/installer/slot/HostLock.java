package io.cloister.installer.slot;

import io.cloister.installer.InstallRefusal;
import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.host.HostPaths;
import io.cloister.repo.content.DurableFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * One command at a time changes a host. The lock is the kernel's, so a killed command holds
 * nothing; the file goes when nothing is installed, and whoever waited for a file that is gone asks
 * again.
 */
public final class HostLock implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final int LOOKS = 60;

  /** Who may read the file could lock it, and keep every command from its work. */
  private static final FileAttribute<?> OWN =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /**
   * The locks of this process. Their files are not opened once more: closing any channel to one
   * would drop the lock (POSIX record locks belong to the process).
   */
  private static final Set<String> OURS = ConcurrentHashMap.newKeySet();

  private final FileChannel channel;
  private final String name;

  private HostLock(FileChannel channel, String name) {
    this.channel = channel;
    this.name = name;
  }

  /** Takes the lock, or refuses when another command holds it for three seconds. */
  public static HostLock take(HostPaths paths) throws IOException, InstallRefusedException {
    String name = paths.lock().toString();
    if (!OURS.add(name)) {
      throw new InstallRefusedException(new InstallRefusal.Busy(paths.lock()));
    }
    boolean taken = false;
    try {
      HostLock lock = new HostLock(open(paths), name);
      taken = true;
      return lock;
    } finally {
      if (!taken) {
        OURS.remove(name);
      }
    }
  }

  private static FileChannel open(HostPaths paths) throws IOException, InstallRefusedException {
    while (true) {
      DurableFiles.createFolders(paths.data());
      Optional<Object> file = fileAt(paths.lock());
      FileChannel channel =
          FileChannel.open(
              paths.lock(), Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), OWN);
      if (!locked(channel)) {
        channel.close();
        throw new InstallRefusedException(new InstallRefusal.Busy(paths.lock()));
      }
      if (file.isPresent() && file.equals(fileAt(paths.lock()))) {
        return channel;
      }
      channel.close();
    }
  }

  /** Whether a command is at work. */
  public static boolean isHeld(HostPaths paths) throws IOException {
    if (OURS.contains(paths.lock().toString())) {
      return true;
    }
    try (FileChannel channel = FileChannel.open(paths.lock(), StandardOpenOption.READ)) {
      return channel.tryLock(0, Long.MAX_VALUE, true) == null;
    } catch (NoSuchFileException | AccessDeniedException e) {
      return false;
    }
  }

  /**
   * Who asks {@link #isHeld} holds it for a moment, and {@code cloister.service}, which an install
   * starts, for a second. A thread of this very process is not waited for.
   */
  private static boolean locked(FileChannel channel) throws IOException {
    for (int i = 0; i < LOOKS; i++) {
      if (channel.tryLock() != null) {
        return true;
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
    return false;
  }

  /** Which file has this name now; empty when none has. By stat, for it is ours already. */
  private static Optional<Object> fileAt(Path path) throws IOException {
    try {
      return Optional.of(Files.getAttribute(path, "unix:ino"));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      OURS.remove(name);
    }
  }
}
