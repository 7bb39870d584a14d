package io.cloister.appliance.http2;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A client that sends any frames it is told to, over a connection without TLS. */
public final class RawHttp2 implements AutoCloseable {
  public static final int DATA = 0;
  public static final int HEADERS = 1;
  public static final int PRIORITY = 2;
  public static final int RST_STREAM = 3;
  public static final int SETTINGS = 4;
  public static final int PING = 6;
  public static final int GOAWAY = 7;
  public static final int WINDOW_UPDATE = 8;
  public static final int CONTINUATION = 9;
  public static final int ACK = 1;
  public static final int END_STREAM = 1;
  public static final int END_HEADERS = 4;
  private static final int PATIENCE_MILLIS = 20_000;

  /** One frame of the server. */
  @SuppressWarnings("ArrayRecordComponent") // Read once, never compared.
  public record Received(int type, int flags, int stream, byte[] payload) {
    /** The number in it, e.g. why a stream was reset. */
    public int number(int at) {
      return ByteBuffer.wrap(payload).getInt(at);
    }
  }

  private final Socket socket;
  private final OutputStream out;
  private final DataInputStream in;

  public RawHttp2(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    out = socket.getOutputStream();
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    write(start());
  }

  /** How every connection begins. */
  public static byte[] start() {
    return "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  /**
   * What a fuzzer's bytes send: all but the first as they are where that is 0, else frames of four
   * bytes each (type, flags, stream, length) and as many as the fourth says.
   */
  public static byte[] frames(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    var frames = new ByteArrayOutputStream();
    if (in.hasRemaining() && in.get() == 0) {
      return Arrays.copyOfRange(bytes, 1, bytes.length);
    }
    while (in.remaining() >= 4) {
      int start = in.get() & 0xF;
      byte flags = in.get();
      int stream = in.get() & 0xFF;
      byte[] payload = new byte[Math.min(in.get() & 0xFF, in.remaining())];
      in.get(payload);
      ByteBuffer head = ByteBuffer.allocate(9).putInt(payload.length << 8 | start);
      frames.writeBytes(head.put(flags).putInt(stream).array());
      frames.writeBytes(payload);
    }
    return frames.toByteArray();
  }

  /** Where it comes from. */
  public SocketAddress address() {
    return socket.getLocalSocketAddress();
  }

  public void send(int type, int flags, int stream, byte... payload) throws IOException {
    head(payload.length, type, flags, stream);
    write(payload);
  }

  /** Where the server ends between two writes, TCP may say so or not: the next read shows it. */
  private void write(byte[] bytes) throws IOException {
    try {
      out.write(bytes);
    } catch (SocketException _) {
      // What it said before it ended can still be read.
    }
  }

  /** Says that so much follows, and sends nothing of it. */
  public void head(int length, int type, int flags, int stream) throws IOException {
    byte[] head =
        ByteBuffer.allocate(9).putInt(length << 8 | type).put((byte) flags).putInt(stream).array();
    write(head);
  }

  public void number(int type, int stream, int number) throws IOException {
    send(type, 0, stream, ByteBuffer.allocate(4).putInt(number).array());
  }

  /** The fields of a call. */
  public static List<Field> call(String path, Field... more) {
    return java.util.stream.Stream.concat(
            java.util.stream.Stream.of(
                new Field(":method", "POST"),
                new Field(":scheme", "http"),
                new Field(":path", path),
                new Field("content-type", "application/grpc")),
            java.util.stream.Stream.of(more))
        .toList();
  }

  public void request(int stream, List<Field> fields, boolean complete) throws IOException {
    int flags = END_HEADERS | (complete ? END_STREAM : 0);
    send(HEADERS, flags, stream, HeaderEncoder.encode(fields));
  }

  /** Sends a whole request at once. */
  public void ask(int stream, List<Field> fields, byte[] data) throws IOException {
    byte[] head = HeaderEncoder.encode(fields);
    ByteBuffer all = ByteBuffer.allocate(18 + head.length + data.length);
    all.putInt(head.length << 8 | HEADERS).put((byte) END_HEADERS).putInt(stream).put(head);
    all.putInt(data.length << 8 | DATA).put((byte) END_STREAM).putInt(stream).put(data);
    write(all.array());
  }

  /** The next frame of that type; empty where the connection ends before. */
  public Optional<Received> await(int type) throws IOException {
    while (true) {
      Optional<Received> next = next();
      if (next.isEmpty() || next.get().type() == type) {
        return next;
      }
    }
  }

  private Optional<Received> next() throws IOException {
    try {
      int start = in.readInt();
      int flags = in.read();
      int stream = in.readInt();
      byte[] payload = new byte[start >>> 8];
      in.readFully(payload);
      return Optional.of(new Received(start & 0xFF, flags, stream, payload));
    } catch (java.io.EOFException | SocketException e) {
      return Optional.empty();
    }
  }

  /** All of the headers and trailers of the next answer, decoded. */
  public List<Field> answer() throws IOException {
    Received head = await(HEADERS).orElseThrow();
    List<Field> fields = new java.util.ArrayList<>(new HeaderDecoder().decode(head.payload()));
    if ((head.flags() & END_STREAM) == 0) {
      fields.addAll(answer());
    }
    return fields;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
