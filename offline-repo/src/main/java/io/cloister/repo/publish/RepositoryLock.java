package io.cloister.repo.publish;

import io.cloister.repo.RefusedException;
import io.cloister.repo.VendorRefusal.FileFault;
import io.cloister.repo.VendorRefusal.RepositoryBusy;
import io.cloister.repo.content.DurableFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * One command at a time changes a repository: two that sign at once would give one version number
 * to two contents. The lock is the kernel's, so a killed command holds nothing. Who only reads
 * needs none: files that are there never change, but for the timestamp, which is replaced in one
 * step and so must be read only once.
 */
public final class RepositoryLock implements AutoCloseable {
  private static final String FILE = ".lock";

  private final FileChannel channel;

  private RepositoryLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Refuses at once while another command holds it. */
  public static RepositoryLock take(Path repository) throws RefusedException {
    try {
      DurableFiles.createFolders(repository);
      FileChannel channel =
          FileChannel.open(
              repository.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!isFree(channel)) {
        channel.close();
        throw new RefusedException(new RepositoryBusy(repository.toString()));
      }
      return new RepositoryLock(channel);
    } catch (IOException e) {
      throw new RefusedException(new FileFault(repository.toString(), e.toString()));
    }
  }

  private static boolean isFree(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
