package io.cloister.appliance.systemd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A datagram to a Unix socket (unix(7)), which Java cannot send by itself. */
public final class UnixDatagram {
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
  private static final int MSG_NOSIGNAL = 0x4000;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final AddressLayout ADDRESS = ValueLayout.ADDRESS;

  private static final MethodHandle SOCKET = function("socket", INT, INT, INT, INT);
  private static final MethodHandle SENDTO =
      function("sendto", LONG, INT, ADDRESS, LONG, INT, ADDRESS, INT);
  private static final MethodHandle CLOSE = function("close", INT, INT);

  private UnixDatagram() {}

  /** Links all that sending takes, by sending to where nobody can be. */
  public static void prepare() {
    byte[] nothing = {0};
    try {
      var _ = send(nothing, nothing);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Whether it was taken.
   *
   * @param path of the socket; of an abstract one, with a leading NUL
   */
  static boolean send(byte[] path, byte[] message) throws IOException {
    byte[] name =
        ByteBuffer.allocate(Short.BYTES + path.length)
            .order(ByteOrder.nativeOrder())
            .putShort((short) AF_UNIX)
            .put(path)
            .array();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocateFrom(ValueLayout.JAVA_BYTE, name);
      MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, message);
      int descriptor = (int) SOCKET.invokeExact(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
      if (descriptor < 0) {
        return false;
      }
      try {
        long sent =
            (long)
                SENDTO.invokeExact(
                    descriptor, bytes, (long) message.length, MSG_NOSIGNAL, address, name.length);
        return sent >= 0;
      } finally {
        int _ = (int) CLOSE.invokeExact(descriptor);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IOException(e);
    }
  }

  @SuppressWarnings("restricted") // The launcher grants native access.
  private static MethodHandle function(String name, ValueLayout result, MemoryLayout... arguments) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, arguments));
  }
}
