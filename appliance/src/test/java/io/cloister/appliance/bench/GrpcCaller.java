package io.cloister.appliance.bench;

import io.cloister.appliance.http2.Field;
import io.cloister.appliance.http2.RawHttp2;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A caller over gRPC on a connection of its own; as little of HTTP/2 and protocol buffers as {@code
 * ModelInfer} needs.
 */
public final class GrpcCaller implements Load.Caller {
  /** That the server may send without being told that it was read: for longer than a round. */
  private static final int WINDOW = 1 << 30;

  private static final Field WELL = new Field("grpc-status", "0");

  private final RawHttp2 connection;
  private final List<Field> head;
  private final byte[] message;
  private int stream = -1;

  /**
   * @param message as {@link #message} makes it
   */
  public GrpcCaller(int port, String token, byte[] message) throws IOException {
    this.connection = new RawHttp2(port);
    this.head =
        RawHttp2.call(
            "/inference.GRPCInferenceService/ModelInfer",
            new Field("authorization", "Bearer " + token));
    this.message = message.clone();
    connection.send(RawHttp2.SETTINGS, RawHttp2.ACK, 0);
    connection.number(RawHttp2.WINDOW_UPDATE, 0, WINDOW);
  }

  /** A {@code ModelInferRequest} with raw contents, after its length (gRPC over HTTP/2). */
  public static byte[] message(String model, Inputs inputs) {
    var request = new ByteArrayOutputStream();
    request.writeBytes(field(1, text(model)));
    for (Inputs.Input input : inputs.list()) {
      var tensor = new ByteArrayOutputStream();
      tensor.writeBytes(field(1, text(input.name())));
      tensor.writeBytes(field(2, text(input.datatype())));
      var shape = new ByteArrayOutputStream();
      for (long dim : input.shape()) {
        shape.writeBytes(number(dim));
      }
      tensor.writeBytes(field(3, shape.toByteArray()));
      request.writeBytes(field(5, tensor.toByteArray()));
    }
    inputs.list().forEach(input -> request.writeBytes(field(7, input.bytes())));
    return ByteBuffer.allocate(5 + request.size())
        .put((byte) 0)
        .putInt(request.size())
        .put(request.toByteArray())
        .array();
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] field(int number, byte[] content) {
    var field = new ByteArrayOutputStream();
    field.writeBytes(number(number << 3 | 2));
    field.writeBytes(number(content.length));
    field.writeBytes(content);
    return field.toByteArray();
  }

  private static byte[] number(long value) {
    var bytes = new ByteArrayOutputStream();
    for (long left = value; ; left >>>= 7) {
      if (left < 0x80) {
        bytes.write((int) left);
        return bytes.toByteArray();
      }
      bytes.write(((int) left & 0x7F) | 0x80);
    }
  }

  @Override
  public void ask() throws IOException {
    stream += 2;
    connection.ask(stream, head, message);
    List<Field> answer = connection.answer();
    if (!answer.contains(WELL)) {
      throw new IOException("an answer with " + answer);
    }
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
