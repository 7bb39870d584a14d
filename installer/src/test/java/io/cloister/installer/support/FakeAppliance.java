package io.cloister.installer.support;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Answers on an operator socket as the appliance does, and tells more than it should. */
final class FakeAppliance implements AutoCloseable {
  private static final String status =
      """
      {"ready":true,"release":"0.1.0","generation":3,"started_at":"2026-11-22T21:00:00Z",
      "wanted_generation":4,"refused":{"model":"digits","version":"1.1.0",
      "reason":"1 of 4 golden rows failed"},
      "models":[{"name":"digits","version":"1.0.0","state":"failed","active":true,"pid":12,
      "reason":"the worker said '%s' and ended with signal 8; Authorization: Bearer %s",
      "restarts":4,"last_input":"%s"},
      {"name":"echo","version":"1.0.0","state":"ready","active":true,"pid":13,
      "reason":"it ended with status 134: %s","restarts":1}],
      "listeners":{"inference":"0.0.0.0:8443","console":"%s:9443"},
      "token":"%s","certificate_sha256":"%s"}"""
          .formatted(
              Seeds.PAYLOAD,
              Seeds.SESSION,
              Seeds.PAYLOAD,
              Seeds.CALLER,
              Seeds.PASSWORD,
              Seeds.TOKEN,
              "AB:".repeat(31) + "AB");
  private static final String acceptance =
      """
      {"reports":[{"name":"digits","version":"1.1.0","accepted":false,
      "reason":"1 of 4 golden rows failed; row 2 alone: output t: expected \\"%s\\"","rows":4,
      "faults":[{"row":2,"batched":false,"kind":"other_value","output":"label","element":0,
      "expected":"3","got":"NaN","tolerance":0.5,"note":"%s"},
      {"row":3,"batched":true,"kind":"other_value","output":"t","expected":"\\"%s\\"","got":"-1.5"},
      {"row":4,"batched":true,"kind":"other_form","output":"t","expected":"FP32 [1,10]",
      "got":"INT64 [%s]"}]}]}"""
          .formatted(Seeds.TOKEN, Seeds.PAYLOAD, Seeds.PAYLOAD, Seeds.PASSWORD);
  private static final String metrics =
      """
      {"models":[{"name":"digits","version":"1.0.0","requests":7,
      "failures":{"worker_crashed":1,"%s":2},"restarts":4,"queue":0,
      "latency_ms":{"p50":1.5,"p99":2.5}}],
      "responses":{"inference":{"200":7,"404":5,"%s":1}},"memory":{"heap_bytes":1,"note":"%s"}}"""
          .formatted(Seeds.PAYLOAD, Seeds.CALLER, Seeds.PASSWORD);

  private final ServerSocketChannel server;
  private final Thread thread;

  private FakeAppliance(ServerSocketChannel server) {
    this.server = server;
    this.thread = Thread.ofVirtual().start(this::serve);
  }

  static FakeAppliance at(Path socket) throws IOException {
    Files.createDirectories(socket.getParent());
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    return new FakeAppliance(server);
  }

  private void serve() {
    while (server.isOpen()) {
      try (SocketChannel caller = server.accept()) {
        ByteBuffer request = ByteBuffer.allocate(200);
        caller.read(request);
        String asked = new String(request.array(), 0, request.position(), StandardCharsets.UTF_8);
        String answer =
            asked.contains("metrics")
                ? metrics
                : asked.contains("acceptance") ? acceptance : status;
        caller.write(StandardCharsets.UTF_8.encode(answer.replace("\n", "") + "\n"));
      } catch (IOException closed) {
        return;
      }
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    thread.interrupt();
  }
}
