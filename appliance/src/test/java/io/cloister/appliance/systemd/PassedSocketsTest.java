package io.cloister.appliance.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Sockets that somebody else opened. */
final class PassedSocketsTest {

  private static int descriptor(Object channel) throws ReflectiveOperationException {
    var number = Class.forName("sun.nio.ch.SelChImpl").getMethod("getFDVal");
    number.setAccessible(true);
    return (int) number.invoke(channel);
  }

  private static ServerSocketChannel listening() throws IOException {
    return ServerSocketChannel.open()
        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  @Test
  void aSocketThatWasPassedAcceptsWhereItWasOpened() throws Exception {
    ServerSocketChannel opened = listening();
    try (ServerSocketChannel passed = PassedSockets.open(descriptor(opened))) { // Closes both.
      assertThat(passed.getLocalAddress()).isEqualTo(opened.getLocalAddress());
      var at = (InetSocketAddress) passed.getLocalAddress();
      try (Socket client = new Socket(at.getAddress(), at.getPort());
          SocketChannel accepted = passed.accept()) {
        client.getOutputStream().write('x');
        assertThat(accepted.socket().getInputStream().read()).isEqualTo('x');
      }
    }
  }

  @Test
  void whatWasPassedToAnotherProcessIsLeftAlone() throws Exception {
    var environment = Map.of("LISTEN_PID", "1", "LISTEN_FDS", "2", "LISTEN_FDNAMES", "a:b");
    assertThat(PassedSockets.of(environment, 2)).isEqualTo(PassedSockets.NONE);
    assertThat(PassedSockets.of(Map.of(), 2)).isEqualTo(PassedSockets.NONE);
  }

  @Test
  void aPassedDescriptorThatIsNoListeningSocketIsRefused() throws Exception {
    assertThatThrownBy(() -> PassedSockets.open(1_000_000)).isInstanceOf(IOException.class);
    var unnamed = Map.of("LISTEN_PID", "2", "LISTEN_FDS", "2", "LISTEN_FDNAMES", "a");
    assertThatThrownBy(() -> PassedSockets.of(unnamed, 2)).hasMessageContaining("LISTEN_FDNAMES");
  }
}
