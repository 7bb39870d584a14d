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
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** One caller's side of an appliance: an HTTP client with connections of its own, and raw bytes. */
public final class Caller implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int SILENCE_MAX_MILLIS = 60_000;

  private final URI inference;
  private final String token;
  private final SSLContext tls;
  private final Path certificate;
  private @Nullable GrpcVisitor grpc;
  private final HttpClient client;

  /**
   * @param certificate that {@code tls} trusts
   */
  public Caller(URI inference, String token, SSLContext tls, Path certificate) {
    this.certificate = certificate;
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

  /** The same caller over gRPC; one connection for all of its calls. */
  GrpcVisitor overGrpc() throws IOException {
    if (grpc == null) {
      grpc = new GrpcVisitor(inference.getHost(), inference.getPort(), token, certificate);
    }
    return grpc;
  }

  /** A protected connection, with nothing said yet, on which these protocols are offered. */
  public Socket protectedSocket(String... protocols) throws IOException {
    var socket =
        (SSLSocket) tls.getSocketFactory().createSocket(inference.getHost(), inference.getPort());
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(protocols);
    socket.setSSLParameters(parameters);
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
    if (grpc != null) {
      grpc.close();
    }
  }
}
