package io.cloister.appliance.systemd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A listening socket that was passed, and the connections that came of it. */
public final class PassedSocket implements AutoCloseable {
  private final ServerSocketChannel channel;
  private final Set<SocketChannel> accepted = ConcurrentHashMap.newKeySet();

  public PassedSocket(ServerSocketChannel channel) {
    this.channel = channel;
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
    SocketChannel peer = channel.accept();
    accepted.removeIf(each -> !each.isOpen());
    accepted.add(peer);
    return peer;
  }

  /** Whether somebody is still connected. */
  boolean connected() {
    return accepted.stream().anyMatch(SocketChannel::isOpen);
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
