package io.cloister.appliance.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Callers who take nothing, and who is sent away for a newcomer. */
class PassedSocketTest {
  private static final int ANSWER_BYTES = 32 << 20;

  private final Set<SocketAddress> workedFor = ConcurrentHashMap.newKeySet();
  private PassedSocket passed;
  private PassedServerSocket listener;

  @BeforeEach
  void listen() throws Exception {
    passed = PassedSocket.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    var manner = new Manner(false, 2, Duration.ofMillis(500), workedFor::contains);
    listener = new PassedServerSocket(passed, manner, SSLContext.getDefault());
  }

  @AfterEach
  void close() throws IOException {
    listener.close();
  }

  private Socket caller() throws IOException {
    return new Socket(passed.address().getAddress(), passed.address().getPort());
  }

  @Test
  void aCallerWhoTakesNothingOfAnAnswerIsCutOff() throws Exception {
    try (Socket _ = caller();
        SSLSocket accepted = listener.accept()) {
      assertThatThrownBy(() -> accepted.getOutputStream().write(new byte[ANSWER_BYTES]))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void aCallerWhoTakesALongAnswerSlowlyGetsAllOfIt() throws Exception {
    try (Socket caller = caller();
        SSLSocket accepted = listener.accept()) {
      Thread sender =
          Thread.startVirtualThread(
              () -> {
                try (accepted) {
                  accepted.getOutputStream().write(new byte[ANSWER_BYTES]);
                } catch (IOException e) {
                  Thread.currentThread().interrupt();
                }
              });
      InputStream in = caller.getInputStream();
      long got = 0;
      for (int i = 0; i < 8; i++) {
        got += in.readNBytes(ANSWER_BYTES / 8).length;
        Thread.sleep(200); // in all three times the patience
      }
      assertThat(got).isEqualTo(ANSWER_BYTES);
      sender.join();
    }
  }

  private static boolean left(Socket accepted) {
    return ((CallerAddress) accepted.getRemoteSocketAddress()).left();
  }

  private static void awaitLeft(Socket accepted) throws InterruptedException {
    for (int i = 0; i < 1000 && !left(accepted); i++) {
      Thread.sleep(10);
    }
    assertThat(left(accepted)).isTrue();
  }

  @Test
  void itIsSeenWithoutReadingThatACallerHasLeft() throws Exception {
    Socket caller = caller();
    SSLSocket accepted = listener.accept();
    assertThat(left(accepted)).as("it is silent").isFalse();
    caller.getOutputStream().write(new byte[] {1, 2});
    Thread.sleep(50);
    assertThat(left(accepted)).as("it says more").isFalse();
    caller.close();
    awaitLeft(accepted);
    assertThat(accepted.getInputStream().readAllBytes()).containsExactly(1, 2);
    accepted.close();
    assertThat(left(accepted)).as("it was closed here").isTrue();
  }

  @Test
  void aCallerWhoseConnectionWasResetHasLeft() throws Exception {
    Socket caller = caller();
    try (SSLSocket accepted = listener.accept()) {
      caller.setSoLinger(true, 0);
      caller.close();
      awaitLeft(accepted);
    }
  }

  @Test
  void whoIsWorkedForIsNotSentAwayForANewcomer() throws Exception {
    try (Socket waiting = caller();
        SSLSocket first = listener.accept();
        Socket _ = caller();
        SSLSocket second = listener.accept()) {
      workedFor.add(waiting.getLocalSocketAddress());
      Thread.sleep(Duration.ofMillis(1_100));
      try (Socket _ = caller();
          SSLSocket newcomer = listener.accept()) {
        assertThat(newcomer.isClosed()).isFalse();
        assertThat(second.isClosed()).as("it was silent").isTrue();
        assertThat(first.isClosed()).as("something is done for it").isFalse();
      }
    }
  }
}
