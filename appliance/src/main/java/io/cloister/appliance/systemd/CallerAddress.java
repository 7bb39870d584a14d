package io.cloister.appliance.systemd;

import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;

/** Where a caller is connected from, who may leave: whoever works for it can look. */
public final class CallerAddress extends InetSocketAddress {
  private static final long serialVersionUID = 1;

  private final transient SocketChannel connection;

  CallerAddress(SocketChannel connection) {
    super(connection.socket().getInetAddress(), connection.socket().getPort());
    this.connection = connection;
  }

  /** Whether nobody is on the other side any more; costs a system call. */
  public boolean left() {
    return HangUp.of(connection);
  }
}
