package io.cloister.appliance.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import javax.net.SocketFactory;

/** A caller over a connection that is kept; as little of HTTP/1.1 as its server's answers need. */
public final class HttpCaller implements Load.Caller {
  private static final int LINE_MAX = 8192;
  private static final int OK = 200;

  private final Socket socket;
  private final InputStream in;
  private final List<byte[]> requests;
  private int next = ThreadLocalRandom.current().nextInt(1 << 16);

  /** The head of an answer. */
  public record Answer(int status, boolean saysWhenToTryAgain) {}

  /**
   * @param requests with their headers; asked in turn, from a place of its own on
   */
  public HttpCaller(SocketFactory sockets, int port, List<byte[]> requests) throws IOException {
    this.socket = sockets.createSocket("127.0.0.1", port);
    this.socket.setTcpNoDelay(true);
    this.in = new BufferedInputStream(socket.getInputStream(), 64 << 10);
    this.requests = List.copyOf(requests);
  }

  /** A POST with that body. */
  public static byte[] request(String path, String headers, byte[] body) {
    String head =
        "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n%s\r\n"
            .formatted(path, body.length, headers);
    byte[] first = head.getBytes(StandardCharsets.ISO_8859_1);
    byte[] all = new byte[first.length + body.length];
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(body, 0, all, first.length, body.length);
    return all;
  }

  @Override
  public void ask() throws IOException {
    Answer answer = exchange();
    if (answer.status() != OK) {
      throw new IOException("an answer with status " + answer.status());
    }
  }

  /** Asks once; answers whatever it was told. */
  public Answer exchange() throws IOException {
    socket.getOutputStream().write(requests.get(next++ % requests.size()));
    String status = line();
    boolean tryAgain = false;
    long length = -1;
    for (String line = line(); !line.isEmpty(); line = line()) {
      String lower = line.toLowerCase(Locale.ROOT);
      tryAgain |= lower.startsWith("retry-after:");
      if (lower.startsWith("content-length:")) {
        length = Long.parseLong(line.substring("content-length:".length()).strip());
      }
    }
    if (length < 0) {
      throw new IOException("an answer without a length: " + status);
    }
    in.skipNBytes(length);
    return new Answer(Integer.parseInt(status.split(" ", 3)[1]), tryAgain);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0 || line.length() > LINE_MAX) {
        throw new EOFException("the answer broke off");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
