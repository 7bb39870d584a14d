package io.cloister.appliance.systemd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A listening socket, passed or opened here, and the connections that came of it. */
public final class PassedSocket implements AutoCloseable {
  private static final int BACKLOG = 1024;

  /** Who was silent for less is not sent away for a newcomer. */
  private static final Duration SILENCE_MIN = Duration.ofSeconds(1);

  private final ServerSocketChannel channel;
  private final Set<PassedConnection> connections = ConcurrentHashMap.newKeySet();

  public PassedSocket(ServerSocketChannel channel) {
    this.channel = channel;
  }

  /** Opens one, for a process that none was passed to. */
  public static PassedSocket open(InetSocketAddress address) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true).bind(address, BACKLOG);
      return new PassedSocket(channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    try {
      return (InetSocketAddress) channel.getLocalAddress();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for the next caller. */
  SocketChannel accept() throws IOException {
    return channel.accept();
  }

  PassedConnection keep(PassedConnection connection) {
    connections.removeIf(PassedConnection::isClosed);
    connections.add(connection);
    return connection;
  }

  /**
   * Whether one more may come. Where there are as many as may be, the one on which nothing was
   * heard for the longest is ended, so that idle connections keep nobody out.
   */
  boolean makeRoom(int connectionsMax) {
    if (connections.size() < connectionsMax) {
      return true;
    }
    connections.removeIf(PassedConnection::isClosed);
    if (connections.size() < connectionsMax) {
      return true;
    }
    Optional<PassedConnection> idlest =
        connections.stream().max(Comparator.comparingLong(PassedConnection::silentNanos));
    idlest
        .filter(found -> found.silentNanos() > SILENCE_MIN.toNanos())
        .ifPresent(PassedConnection::cut);
    return connections.removeIf(PassedConnection::isClosed);
  }

  /** Ends those whose callers take nothing of what is sent: an answer is kept for each. */
  void cutStalled(Duration patience) {
    connections.stream()
        .filter(connection -> connection.stalls(patience))
        .forEach(PassedConnection::cut);
  }

  /** Whether somebody is still connected. */
  boolean connected() {
    return connections.stream().anyMatch(connection -> !connection.isClosed());
  }

  boolean isOpen() {
    return channel.isOpen();
  }

  /** Of this process only: the socket itself listens on, and keeps who is waiting. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
