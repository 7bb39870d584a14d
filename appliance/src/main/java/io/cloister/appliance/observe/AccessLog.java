package io.cloister.appliance.observe;

import io.cloister.appliance.http.JsonText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * One JSON object a line for each request: who asked which model for what, how long it took, how it
 * ended; never what was in it. Lines are written some at a time: what the last moment before a
 * crash had is lost.
 */
public final class AccessLog implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(AccessLog.class.getName());
  private static final int MIB_BITS = 20;
  private static final int TOGETHER_BYTES = 64 << 10;
  private static final Duration PERIOD = Duration.ofMillis(200);

  /** Absent where none is wanted. */
  private final Optional<AccessFiles> files;

  private final ScheduledExecutorService writer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("access log").factory());
  private final ByteArrayOutputStream lines = new ByteArrayOutputStream(TOGETHER_BYTES);

  private AccessLog(Optional<AccessFiles> files) {
    this.files = files;
    if (files.isPresent()) {
      long period = PERIOD.toMillis();
      var _ = writer.scheduleWithFixedDelay(this::write, period, period, TimeUnit.MILLISECONDS);
    }
  }

  /** Keeps nothing. */
  public static AccessLog none() {
    return new AccessLog(Optional.empty());
  }

  /**
   * Keeps lines in files.
   *
   * @param mebibytes of all files; 0 to keep nothing
   */
  public static AccessLog open(Path folder, int mebibytes) throws IOException {
    return mebibytes == 0
        ? none()
        : new AccessLog(Optional.of(new AccessFiles(folder, (long) mebibytes << MIB_BITS)));
  }

  /** The same; a place that cannot be written costs the log, not the service. */
  public static AccessLog openIfPossible(Path folder, int mebibytes) {
    try {
      return open(folder, mebibytes);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.ERROR, "there will be no access log", e);
      return none();
    }
  }

  /** Adds one line; does nothing where no log is kept. */
  void add(JsonText.Content fields) {
    if (files.isEmpty()) {
      return;
    }
    byte[] line = JsonLine.of(fields);
    synchronized (lines) {
      lines.writeBytes(line);
      lines.write('\n');
      if (lines.size() >= TOGETHER_BYTES) {
        write();
      }
    }
  }

  private void write() {
    synchronized (lines) {
      if (lines.size() > 0) {
        files.ifPresent(each -> each.write(lines.toString(StandardCharsets.UTF_8)));
        lines.reset();
      }
    }
  }

  @Override
  public void close() {
    writer.shutdownNow();
    synchronized (lines) {
      write();
      files.ifPresent(AccessFiles::close);
    }
  }
}
