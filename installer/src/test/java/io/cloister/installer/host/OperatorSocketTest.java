package io.cloister.installer.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class OperatorSocketTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final String FULL = "Resource temporarily unavailable";

  @TempDir Path folder;
  private Path path;
  private ServerSocketChannel server;

  @BeforeEach
  void listen() throws IOException {
    path = folder.resolve("socket");
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(path), 1);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private void answer(String text) {
    var _ =
        Thread.ofVirtual()
            .start(
                () -> {
                  try (SocketChannel caller = server.accept()) {
                    caller.read(ByteBuffer.allocate(200));
                    ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
                    while (bytes.hasRemaining()) {
                      caller.write(bytes);
                    }
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                });
  }

  @Test
  void stepsAreToldAsTheyComeAndTheLineAfterThemIsTheAnswer() throws Exception {
    answer("{\"progress\":\"one\"}\n{\"progress\":\"two\"}\n{\"done\":true}\n");
    List<String> steps = new ArrayList<>();
    var fields = JsonNodeFactory.instance.objectNode();
    var answer = new OperatorSocket(path).ask("tune", fields, PATIENCE, steps::add);
    assertThat(steps).containsExactly("one", "two");
    assertThat(answer.path("done").asBoolean()).isTrue();
  }

  @Test
  @Timeout(60)
  void anAnswerOfNothingButEndsOfLinesIsNone() {
    answer("\n".repeat(3 << 20));
    assertThatThrownBy(() -> new OperatorSocket(path).ask("status", PATIENCE))
        .hasMessageContaining("no JSON object");
  }

  @Test
  @Timeout(60)
  void aServiceThatTakesNoConnectionsIsNotWaitedForWithoutEnd() throws Exception {
    List<SocketChannel> waiting = new ArrayList<>();
    assertThatThrownBy(() -> fillTheQueue(waiting)).hasMessage(FULL);
    assertThatThrownBy(() -> new OperatorSocket(path).ask("status", PATIENCE)).hasMessage(FULL);
    for (SocketChannel each : waiting) {
      each.close();
    }
  }

  private void fillTheQueue(List<SocketChannel> waiting) throws IOException {
    while (true) {
      SocketChannel each = SocketChannel.open(StandardProtocolFamily.UNIX);
      waiting.add(each);
      each.configureBlocking(false);
      each.connect(UnixDomainSocketAddress.of(path));
    }
  }
}
