package io.cloister.appliance.systemd;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Tells systemd how the service is (sd_notify(3)): one {@link UnixDatagram}.
 *
 * @param socket path of systemd's socket, an abstract one with a leading {@code @}; empty when
 *     nobody listens
 * @param watchdog the longest that systemd waits between two signs of life; empty for no watchdog
 */
public record Notify(Optional<String> socket, Optional<Duration> watchdog) {
  public static final String READY = "READY=1";
  public static final String STOPPING = "STOPPING=1";
  public static final String ALIVE = "WATCHDOG=1";

  private static final int PATH_BYTES_MAX = 107;

  public static Notify of(Map<String, String> environment, long pid) {
    boolean watched = Long.toString(pid).equals(environment.getOrDefault("WATCHDOG_PID", "" + pid));
    return new Notify(
        Optional.ofNullable(environment.get("NOTIFY_SOCKET")),
        Optional.ofNullable(environment.get("WATCHDOG_USEC"))
            .filter(_ -> watched)
            .map(micros -> Duration.ofNanos(Long.parseLong(micros) * 1000)));
  }

  /**
   * Sends assignments, one a line.
   *
   * @throws IOException when there is a socket and it does not take them
   */
  public void send(String assignments) throws IOException {
    if (socket.isEmpty()) {
      return;
    }
    byte[] path = socket.get().getBytes(StandardCharsets.UTF_8);
    if (path.length == 0 || path.length > PATH_BYTES_MAX) {
      throw new IOException("NOTIFY_SOCKET has " + path.length + " bytes");
    }
    if (path[0] == '@') {
      path[0] = 0;
    }
    if (!UnixDatagram.send(path, assignments.getBytes(StandardCharsets.UTF_8))) {
      throw new IOException("systemd does not take " + assignments);
    }
  }

  /** Gets ready to send, beside the rest of a start: what the first time costs is a tenth of it. */
  public void prepare() {
    if (socket.isPresent()) {
      Thread.ofPlatform().daemon().name("notify").start(UnixDatagram::prepare);
    }
  }
}
