package io.cloister.appliance.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import javax.net.SocketFactory;

/** A caller over a connection that is kept; as little of HTTP/1.1 as its server's answers need. */
public final class HttpCaller implements Load.Caller {
  private static final int LINE_MAX = 8192;

  private final Socket socket;
  private final InputStream in;
  private final byte[] request;

  /**
   * @param request with its headers
   */
  @SuppressWarnings("ArrayParameter") // Sent as it is, never changed.
  public HttpCaller(SocketFactory sockets, int port, byte[] request) throws IOException {
    this.socket = sockets.createSocket("127.0.0.1", port);
    this.socket.setTcpNoDelay(true);
    this.in = new BufferedInputStream(socket.getInputStream(), 64 << 10);
    this.request = request;
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
    socket.getOutputStream().write(request);
    String status = line();
    long length = -1;
    for (String line = line(); !line.isEmpty(); line = line()) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Long.parseLong(line.substring("content-length:".length()).strip());
      }
    }
    if (length < 0) {
      throw new IOException("an answer without a length: " + status);
    }
    if (!status.contains(" 200 ")) {
      throw new IOException(
          status + ": " + new String(in.readNBytes((int) length), StandardCharsets.UTF_8));
    }
    in.skipNBytes(length);
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
