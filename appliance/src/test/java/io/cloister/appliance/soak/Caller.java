package io.cloister.appliance.soak;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;

/** One caller's side of an appliance: an HTTP client with connections of its own, and raw bytes. */
public final class Caller implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int SILENCE_MAX_MILLIS = 60_000;

  private final URI inference;
  private final String token;
  private final SSLContext tls;
  private final HttpClient client;

  public Caller(URI inference, String token, SSLContext tls) {
    this.inference = inference;
    this.token = token;
    this.tls = tls;
    this.client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(tls).build();
  }

  public HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(uri));
  }

  public HttpResponse<String> post(String path, Map<String, String> headers, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(inference.resolve(path));
    headers.forEach(request::header);
    return send(request.POST(BodyPublishers.ofByteArray(body)));
  }

  public HttpResponse<String> post(String path, String body)
      throws IOException, InterruptedException {
    return post(path, Map.of(), body.getBytes(StandardCharsets.UTF_8));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    request.timeout(PATIENCE).header("Authorization", "Bearer " + token);
    return client.send(request.build(), BodyHandlers.ofString());
  }

  /** The head of a POST, to be followed by a body. */
  public byte[] head(String path, String framing) {
    return "POST %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n%s\r\n\r\n"
        .formatted(path, token, framing)
        .getBytes(StandardCharsets.UTF_8);
  }

  /** A protected connection, with nothing said yet. */
  public Socket protectedSocket() throws IOException {
    Socket socket = tls.getSocketFactory().createSocket(inference.getHost(), inference.getPort());
    socket.setSoTimeout(SILENCE_MAX_MILLIS);
    return socket;
  }

  /** A connection without even a handshake. */
  public Socket bareSocket() throws IOException {
    return new Socket(inference.getHost(), inference.getPort());
  }

  @Override
  public void close() {
    client.close();
  }
}
