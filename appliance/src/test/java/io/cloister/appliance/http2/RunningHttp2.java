package io.cloister.appliance.http2;

import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A server over HTTP/2 alone: /wait is never answered, /hold not before the test allows, /long at
 * length, /read when the body was read, others at once.
 */
final class RunningHttp2 implements AutoCloseable, Storage {
  final AtomicLong stored = new AtomicLong();
  final Semaphore ended = new Semaphore(0);
  final CountDownLatch released = new CountDownLatch(1);
  final Http2Connections connections;
  private final WebServer server;
  volatile long room = Long.MAX_VALUE;

  RunningHttp2(Duration patience) {
    connections = new Http2Connections(this::handle, this, patience);
    server =
        WebServer.builder()
            .host("127.0.0.1")
            .shutdownHook(false)
            .shutdownGracePeriod(Duration.ofSeconds(2))
            .addConnectionSelector(connections)
            .build()
            .start();
  }

  RawHttp2 connected() throws IOException {
    return new RawHttp2(server.port());
  }

  @Override
  public boolean tryTake(long bytes) {
    return stored.addAndGet(bytes) <= room;
  }

  @Override
  public void giveBack(long bytes) {
    stored.addAndGet(-bytes);
  }

  private void handle(Http2Stream stream) {
    try {
      switch (stream.head().path()) {
        case "/wait" ->
            stream.interruptibly(
                () -> {
                  Thread.sleep(Duration.ofMinutes(5));
                  return true;
                });
        case "/hold" -> released.await();
        case "/read" -> {
          released.await();
          byte[] body = new byte[1 << 20];
          int length = stream.read(body, 0, body.length, System.nanoTime() + 20_000_000_000L);
          answer(stream, Arrays.copyOf(body, length));
          return;
        }
        case "/long" -> answer(stream, new byte[200_000]);
        default -> {}
      }
      answer(stream, "done".getBytes(StandardCharsets.US_ASCII));
    } catch (StreamEnded | InterruptedException | TimeoutException e) {
      ended.release();
    }
  }

  private static void answer(Http2Stream stream, byte[] content) throws StreamEnded {
    stream.answer(
        List.of(new Field(":status", "200")),
        List.of(ByteBuffer.wrap(content)),
        List.of(new Field("grpc-status", "0")));
  }

  @Override
  public void close() {
    released.countDown();
    server.stop();
  }
}
