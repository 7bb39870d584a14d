package io.cloister.appliance;

import io.helidon.common.socket.SocketOptions;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Options of an accepted connection. Helidon's own leave reading without a limit, so that a peer
 * that falls silent within its handshake, its headers or its body is waited for until it ends.
 *
 * @param readTimeout silence after which a connection is closed
 */
record ConnectionOptions(Duration readTimeout) implements SocketOptions {
  @Override
  public void configureSocket(Socket socket) {
    SocketOptions.super.configureSocket(socket);
    try {
      socket.setSoTimeout(Math.toIntExact(readTimeout.toMillis()));
    } catch (SocketException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Without it answers of more than one segment wait 40 ms for an acknowledgement. */
  @Override
  public boolean tcpNoDelay() {
    return true;
  }

  @Override
  public Map<SocketOption<?>, Object> socketOptions() {
    return Map.of(StandardSocketOptions.TCP_NODELAY, tcpNoDelay());
  }

  @Override
  public Duration connectTimeout() {
    return readTimeout;
  }

  @Override
  public Optional<Integer> socketReceiveBufferSize() {
    return Optional.empty();
  }

  @Override
  public Optional<Integer> socketSendBufferSize() {
    return Optional.empty();
  }

  @Override
  public boolean socketReuseAddress() {
    return true;
  }

  @Override
  public boolean socketKeepAlive() {
    return true;
  }
}
