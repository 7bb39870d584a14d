package io.cloister.appliance.systemd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
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

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

  /**
   * The one shape by which all are called, for linking another costs some 20 ms. Where a function
   * takes or gives an int, the lower half of a register is one; what it does not ask for it does
   * not see (System V ABI for AMD64, 3.2.3; AAPCS64, 6.4).
   */
  private static final FunctionDescriptor SHAPE =
      FunctionDescriptor.of(LONG, LONG, LONG, LONG, LONG, LONG, LONG);

  @SuppressWarnings("restricted") // The launcher grants native access.
  private static final MethodHandle CALL = Linker.nativeLinker().downcallHandle(SHAPE);

  private static final MemorySegment SOCKET = function("socket");
  private static final MemorySegment SENDTO = function("sendto");
  private static final MemorySegment CLOSE = function("close");

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
      int descriptor = (int) call(SOCKET, AF_UNIX, SOCK_DGRAM_CLOEXEC, 0, 0, 0, 0);
      if (descriptor < 0) {
        return false;
      }
      long sent =
          call(
              SENDTO,
              descriptor,
              bytes.address(),
              message.length,
              MSG_NOSIGNAL,
              address.address(),
              name.length);
      var _ = call(CLOSE, descriptor, 0, 0, 0, 0, 0);
      return sent >= 0;
    }
  }

  private static long call(MemorySegment function, long a, long b, long c, long d, long e, long f)
      throws IOException {
    try {
      return (long) CALL.invokeExact(function, a, b, c, d, e, f);
    } catch (RuntimeException | Error thrown) {
      throw thrown;
    } catch (Throwable thrown) {
      throw new IOException(thrown);
    }
  }

  private static MemorySegment function(String name) {
    return Linker.nativeLinker().defaultLookup().findOrThrow(name);
  }
}
