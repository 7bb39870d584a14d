package io.cloister.appliance.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Room for two bodies of full length; each is held until the test lets it go. */
class RequestBodiesTest {
  private static final int BYTES_MAX = 10_000;
  private static final long HEAP = 4L * BYTES_MAX * RequestBodies.HEAP_PER_BYTE;

  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private final RequestBodies bodies = new RequestBodies(BYTES_MAX, HEAP, Duration.ofMillis(1500));
  private final Semaphore taken = new Semaphore(0);
  private final Semaphore letGo = new Semaphore(0);
  private final HttpClient client = HttpClient.newHttpClient();
  private WebServer server;

  @BeforeEach
  void start() {
    HttpRouting.Builder routes = HttpRouting.builder();
    Answers.onErrors(routes, Answers.ErrorForm.PLAIN);
    routes.post("/", this::hold);
    server =
        WebServer.builder()
            .port(0)
            .contentEncoding(new BodyEncoding())
            .routing(routes)
            .build()
            .start();
  }

  @AfterEach
  void stop() {
    letGo.release(100);
    server.stop();
    bodies.close();
  }

  private void hold(ServerRequest request, ServerResponse response)
      throws IOException, InterruptedException {
    try (RequestBody body = bodies.open(request)) {
      int length;
      try (InputStream in = body.stream()) {
        length = in.readAllBytes().length;
      }
      taken.release();
      letGo.acquire();
      response.send(String.valueOf(length));
    }
  }

  private CompletableFuture<HttpResponse<String>> send(int length) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + server.port()))
            .POST(BodyPublishers.ofByteArray(new byte[length]))
            .build();
    return client.sendAsync(request, BodyHandlers.ofString());
  }

  @Test
  void bodiesBeyondTheSharedMemoryAreToldToComeAgainAndTheOthersAreAnswered() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> held = new ArrayList<>();
    held.add(send(BYTES_MAX));
    held.add(send(BYTES_MAX));
    taken.acquire(2);
    HttpResponse<String> refused = send(1).join();
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("Retry-After")).contains("1");
    letGo.release(2);
    for (var answer : held) {
      assertThat(answer.join().body()).isEqualTo(String.valueOf(BYTES_MAX));
    }
    letGo.release();
    assertThat(send(BYTES_MAX).join().statusCode()).isEqualTo(200);
  }

  @Test
  void aBodyThatIsTooLongForItselfLeavesNothingTaken() {
    for (int round = 0; round < 20; round++) {
      assertThat(send(BYTES_MAX + 1).join().statusCode()).isEqualTo(413);
    }
    letGo.release();
    assertThat(send(BYTES_MAX).join().statusCode()).isEqualTo(200);
  }

  /** Half a gigabyte, in members of a kilobyte each (RFC 1952 §2.2). */
  private static byte[] bomb() throws IOException {
    ByteArrayOutputStream member = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(member)) {
      out.write(new byte[1 << 20]);
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < 512; i++) {
      member.writeTo(all);
    }
    return all.toByteArray();
  }

  @Test
  void theRestOfABombIsDroppedAsItCame() throws Exception {
    byte[] bomb = bomb();
    long before = PROCESS.getProcessCpuTime();
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bomb))) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    long inflated = PROCESS.getProcessCpuTime() - before;
    before = PROCESS.getProcessCpuTime();
    for (int round = 0; round < 3; round++) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://localhost:" + server.port()))
              .header("Content-Encoding", "gzip")
              .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bomb)))
              .build();
      HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(413);
    }
    long refused = PROCESS.getProcessCpuTime() - before;
    assertThat(refused).as("three cost less than to inflate one").isLessThan(inflated);
  }

  @Test
  void aSenderWhoDripsIsCutOff() throws Exception {
    assertDripEnds("Content-Length: 5000", "x");
  }

  @Test
  void aSenderWhoDripsOneLongChunkIsCutOffAndTheNextHasItsTurn() throws Exception {
    Thread other = Thread.ofVirtual().start(() -> dripQuietly("Transfer-Encoding: chunked"));
    assertDripEnds("Transfer-Encoding: chunked", "1000\r\nx");
    other.join();
    letGo.release();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + server.port()))
            .POST(BodyPublishers.ofInputStream(() -> InputStream.nullInputStream()))
            .build();
    assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
  }

  private void dripQuietly(String framing) {
    try {
      drip(framing, "1000\r\nx");
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void assertDripEnds(String framing, String start) throws Exception {
    assertThat(drip(framing, start)).isTrue();
    assertThat(taken.tryAcquire()).isFalse();
  }

  /** Sends a byte each 100 ms for at most 20 s; true when the server ended it before. */
  private boolean drip(String framing, String start) throws IOException, InterruptedException {
    try (Socket socket = new Socket("localhost", server.port())) {
      socket.setSoTimeout(100);
      OutputStream out = socket.getOutputStream();
      String head = "POST / HTTP/1.1\r\nHost: localhost\r\n" + framing + "\r\n\r\n" + start;
      out.write(head.getBytes(StandardCharsets.US_ASCII));
      for (int sent = 0; sent < 200; sent++) {
        out.write('x');
        if (ended(socket)) {
          return true;
        }
      }
      return false;
    } catch (SocketException e) {
      return true;
    }
  }

  private static boolean ended(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }
}
