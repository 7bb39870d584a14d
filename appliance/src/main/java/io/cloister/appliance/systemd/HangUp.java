package io.cloister.appliance.systemd;

import java.io.FileDescriptor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.channels.SocketChannel;

/**
 * Whether the other side of a connection has ended it (poll(2)): bytes that it sent before may not
 * have been read, and stay where they are. Who has ended only its own sending is gone as well:
 * nobody can tell the two apart before something is sent.
 */
final class HangUp {
  private static final int POLLERR = 0x8;
  private static final int POLLHUP = 0x10;
  private static final int POLLRDHUP = 0x2000;

  /** The launcher opens {@code sun.nio.ch}, and the runtime it is for is in the same release. */
  private static final Method DESCRIPTOR = method("SelChImpl", "getFD");

  private static final Method POLL =
      method("Net", "poll", FileDescriptor.class, int.class, long.class);

  private HangUp() {}

  private static Method method(String type, String name, Class<?>... parameters) {
    try {
      Method found = Class.forName("sun.nio.ch." + type).getDeclaredMethod(name, parameters);
      found.setAccessible(true);
      return found;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this runtime cannot look at a connection", e);
    }
  }

  static boolean of(SocketChannel connection) {
    try {
      Object descriptor = DESCRIPTOR.invoke(connection);
      int seen = (int) POLL.invoke(null, descriptor, POLLRDHUP, 0L);
      return !connection.isOpen() || (seen & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
    } catch (InvocationTargetException e) {
      return !connection.isOpen();
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("this runtime cannot look at a connection", e);
    }
  }
}
