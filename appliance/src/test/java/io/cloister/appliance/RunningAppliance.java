package io.cloister.appliance;

import io.cloister.appliance.admin.OperatorSocket;
import io.cloister.appliance.inference.Workers;
import io.cloister.appliance.observe.JsonLog;
import io.cloister.appliance.scrub.RepairCall;
import io.cloister.appliance.systemd.PassedSockets;
import io.cloister.appliance.worker.WorkerCommand;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** The whole service in this process, on real ports, with a client that trusts its certificate. */
final class RunningAppliance implements AutoCloseable {
  private final Folders folders;
  private final Appliance appliance;
  private final OperatorSocket socket;
  private final HttpClient client;
  private final String token;
  private final String scheme;
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();

  RunningAppliance(InstalledRoot root) throws Exception {
    this(root, PassedSockets.NONE);
  }

  RunningAppliance(InstalledRoot root, PassedSockets sockets) throws Exception {
    this(root, sockets, Runtime.getRuntime().maxMemory());
  }

  /** As on a heap of that size. */
  RunningAppliance(InstalledRoot root, PassedSockets sockets, long heapBytes) throws Exception {
    this.folders = root.folders();
    this.token = root.setUp();
    Foundation foundation = Foundation.open(folders, sockets, root.key());
    this.scheme = foundation.settings().listeners().inference().tls() ? "https" : "http";
    JsonLog lines = new JsonLog(new PrintStream(log, true, StandardCharsets.UTF_8));
    this.appliance =
        new Appliance(
            foundation,
            new Workers(foundation.folders().store(), WorkerCommand.ofThisProcess()),
            lines,
            InstantSource.system(),
            Optional.of(new RepairCall(root.folders().root().resolve("run/cloister/repair"))),
            heapBytes);
    this.socket = appliance.start();
    this.client =
        HttpClient.newBuilder()
            .sslContext(trusting(foundation))
            .version(HttpClient.Version.HTTP_1_1)
            .build();
  }

  private static SSLContext trusting(Foundation foundation) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setCertificateEntry("appliance", foundation.certificate().certificate());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  /** Waits until the first attempt to serve the deployment has ended. */
  RunningAppliance settled() throws InterruptedException {
    awaitLog("\"event\":\"first_apply\"");
    return this;
  }

  /** Waits until the log has that: a line is written after the answer it tells of. */
  void awaitLog(String text) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!log().contains(text)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("the log has no " + text + " within 60 s:\n" + log());
      }
      Thread.sleep(20);
    }
  }

  /** The certificate of both listeners. */
  Path certificate() {
    return folders.tls().resolve("cert.pem");
  }

  String token() {
    return token;
  }

  String log() {
    return log.toString(StandardCharsets.UTF_8);
  }

  URI inference(String path) {
    return URI.create(scheme + "://" + appliance.bound().inference() + path);
  }

  URI console(String path) {
    return URI.create("https://" + appliance.bound().console() + path);
  }

  HttpRequest.Builder request(URI uri) {
    return HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(60));
  }

  /** Everything the inference listener says to these very bytes, until it closes. */
  String raw(String requestLine, String framing, String body) throws Exception {
    String next = "GET /v2/health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    String head =
        requestLine
            + "\r\nHost: localhost\r\nAuthorization: Bearer "
            + token
            + "\r\n"
            + framing
            + "\r\n\r\n";
    int port = inference("/").getPort();
    try (var socket = client.sslContext().getSocketFactory().createSocket("localhost", port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write((head + body + next).getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** A caller who has asked that over REST, and waits for as long as this is open. */
  Socket asking(String path, String body) throws Exception {
    URI uri = inference(path);
    Socket caller =
        client.sslContext().getSocketFactory().createSocket(uri.getHost(), uri.getPort());
    String request =
        "POST %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(path, token, body.length(), body);
    caller.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return caller;
  }

  /** The application protocol that the inference listener chooses of these; empty for none. */
  String negotiated(String... offered) throws Exception {
    int port = inference("/").getPort();
    try (var socket =
        (SSLSocket) client.sslContext().getSocketFactory().createSocket("localhost", port)) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(offered);
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket.getApplicationProtocol();
    }
  }

  /** Sends the start of a request whose body is said to be that long, and ends the connection. */
  void hangUp(String requestLine, int length, String start) throws Exception {
    String head =
        "%s\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(requestLine, token, length, start);
    int port = inference("/").getPort();
    try (var socket = client.sslContext().getSocketFactory().createSocket("localhost", port)) {
      socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
    }
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  HttpResponse<byte[]> sendForBytes(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  HttpResponse<String> get(URI uri) throws Exception {
    return send(request(uri).header("Authorization", "Bearer " + token));
  }

  HttpResponse<String> post(URI uri, String body) throws Exception {
    return send(
        request(uri)
            .header("Authorization", "Bearer " + token)
            .POST(BodyPublishers.ofString(body)));
  }

  HttpResponse<String> infer(String model, byte[] body) throws Exception {
    return send(
        request(inference("/v2/models/" + model + "/infer"))
            .header("Authorization", "Bearer " + token)
            .POST(BodyPublishers.ofByteArray(body)));
  }

  HttpResponse<String> infer(String model, String body) throws Exception {
    return post(inference("/v2/models/" + model + "/infer"), body);
  }

  /** One line to the operator socket, one line back. */
  String operator(String line) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(folders.operatorSocket()));
      ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      byte[] answer = Channels.newInputStream(channel).readAllBytes();
      return new String(answer, StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
    appliance.close();
  }
}
