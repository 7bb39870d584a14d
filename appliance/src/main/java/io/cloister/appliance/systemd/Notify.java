package io.cloister.appliance.systemd;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Tells systemd how the service is (sd_notify(3)): one datagram to a Unix socket, which Java cannot
 * send by itself.
 *
 * @param socket path of systemd's socket, an abstract one with a leading {@code @}; empty when
 *     nobody listens
 * @param watchdog the longest that systemd waits between two signs of life; empty for no watchdog
 */
public record Notify(Optional<String> socket, Optional<Duration> watchdog) {
  public static final String READY = "READY=1";
  public static final String STOPPING = "STOPPING=1";
  public static final String ALIVE = "WATCHDOG=1";

  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
  private static final int MSG_NOSIGNAL = 0x4000;
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
    if (sent(path, assignments.getBytes(StandardCharsets.UTF_8)) < 0) {
      throw new IOException("systemd does not take " + assignments);
    }
  }

  private static long sent(byte[] path, byte[] message) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(Short.BYTES + path.length);
      address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
      MemorySegment.copy(path, 0, address, ValueLayout.JAVA_BYTE, Short.BYTES, path.length);
      MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, message);
      int descriptor =
          (int) function("socket", INT, INT, INT, INT).invokeExact(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
      if (descriptor < 0) {
        return -1;
      }
      try {
        return (long)
            function("sendto", LONG, INT, ADDRESS, LONG, INT, ADDRESS, INT)
                .invokeExact(
                    descriptor,
                    bytes,
                    (long) message.length,
                    MSG_NOSIGNAL,
                    address,
                    (int) address.byteSize());
      } finally {
        int _ = (int) function("close", INT, INT).invokeExact(descriptor);
      }
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IOException(e);
    }
  }

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final java.lang.foreign.AddressLayout ADDRESS = ValueLayout.ADDRESS;

  @SuppressWarnings("restricted") // The launcher grants native access.
  private static MethodHandle function(String name, ValueLayout result, ValueLayout... arguments) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, arguments));
  }
}
