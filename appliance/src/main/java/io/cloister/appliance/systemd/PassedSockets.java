package io.cloister.appliance.systemd;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Listening sockets that systemd opened and passed on (sd_listen_fds(3)). They stay open while one
 * release follows another, so that no connection is refused; and with them a process needs no
 * network of its own.
 *
 * @param byName as {@code FileDescriptorName=} calls them; empty when none were passed
 */
public record PassedSockets(Map<String, PassedSocket> byName) {
  private static final Duration LOOK = Duration.ofMillis(10);
  private static final int FIRST = 3;

  /** A process that opens its own. */
  public static final PassedSockets NONE = new PassedSockets(Map.of());

  public PassedSockets {
    byName = Map.copyOf(byName);
  }

  /**
   * Takes over what was passed to this process.
   *
   * @throws IOException when there is something passed that is no listening TCP socket
   */
  public static PassedSockets of(Map<String, String> environment, long pid) throws IOException {
    if (!Long.toString(pid).equals(environment.get("LISTEN_PID"))) {
      return NONE;
    }
    String[] names = environment.getOrDefault("LISTEN_FDNAMES", "").split(":", -1);
    int count = Integer.parseInt(environment.getOrDefault("LISTEN_FDS", "0"));
    if (count > 0 && names.length != count) {
      throw new IOException("LISTEN_FDS is " + count + ", LISTEN_FDNAMES has " + names.length);
    }
    Map<String, PassedSocket> sockets = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      sockets.put(names[i], new PassedSocket(open(FIRST + i)));
    }
    return new PassedSockets(sockets);
  }

  public Optional<PassedSocket> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /**
   * Leaves new callers to whoever takes the sockets over, and waits for those that are connected.
   *
   * @param patience with connections on which nothing is asked
   */
  public void drain(Duration patience) throws IOException, InterruptedException {
    for (PassedSocket each : byName.values()) {
      each.close();
    }
    long deadline = System.nanoTime() + patience.toNanos();
    while (byName.values().stream().anyMatch(PassedSocket::connected)
        && System.nanoTime() < deadline) {
      Thread.sleep(LOOK);
    }
  }

  /**
   * A channel of a descriptor. The JDK has no public way to do it for more than one; the launcher
   * opens {@code sun.nio.ch}, and the runtime it is for is in the same release.
   */
  static ServerSocketChannel open(int descriptor) throws IOException {
    try {
      Class<?> io = Class.forName("sun.nio.ch.IOUtil");
      var number = io.getDeclaredMethod("newFD", int.class);
      number.setAccessible(true);
      var constructor =
          Class.forName("sun.nio.ch.ServerSocketChannelImpl")
              .getDeclaredConstructor(
                  SelectorProvider.class,
                  ProtocolFamily.class,
                  FileDescriptor.class,
                  boolean.class);
      constructor.setAccessible(true);
      var channel =
          (ServerSocketChannel)
              constructor.newInstance(
                  SelectorProvider.provider(),
                  StandardProtocolFamily.INET6,
                  number.invoke(null, descriptor),
                  true);
      if (!(channel.getLocalAddress() instanceof InetSocketAddress)) {
        throw new IOException("descriptor " + descriptor + " is no TCP socket");
      }
      return channel;
    } catch (ReflectiveOperationException e) {
      throw new IOException("descriptor " + descriptor + " cannot be taken over", e);
    }
  }
}
