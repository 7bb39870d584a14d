package io.cloister.installer.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;

/** How long a disk takes until it has promised that bytes are safe. */
public final class ForceTime {
  private static final int TIMES = 5;
  private static final int BYTES = 4096;
  private static final Duration ENOUGH = Duration.ofSeconds(2);

  private ForceTime() {}

  /**
   * The median of a few small writes, each forced to the disk. Their file has no name any more by
   * the time they begin: nothing is left of it, however this ends.
   *
   * @param nanoTime as {@link System#nanoTime}
   */
  public static Duration measure(Path folder, LongSupplier nanoTime) throws IOException {
    Path file = folder.resolve(".cloister-" + UUID.randomUUID());
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE))) {
      return measure(channel, nanoTime);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static Duration measure(FileChannel channel, LongSupplier nanoTime) throws IOException {
    long[] nanos = new long[TIMES];
    int measured = 0;
    long start = nanoTime.getAsLong();
    long before = start;
    while (measured < TIMES && before - start < ENOUGH.toNanos()) {
      ByteBuffer bytes = ByteBuffer.allocate(BYTES);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
      long after = nanoTime.getAsLong();
      nanos[measured++] = after - before;
      before = after;
    }
    Arrays.sort(nanos, 0, measured);
    return Duration.ofNanos(nanos[measured / 2]);
  }
}
