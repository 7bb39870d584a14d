package io.cloister.appliance.worker;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** The server's reading end: one thread, a fresh array for every body, which the tensors share. */
final class AnswerStream {
  private final InputStream in;

  AnswerStream(InputStream in) {
    this.in = in;
  }

  /** The next message; empty at the end. */
  Optional<Message> read() throws IOException {
    byte[] header = in.readNBytes(FrameWriter.HEADER_BYTES);
    if (header.length == 0) {
      return Optional.empty();
    }
    if (header.length < FrameWriter.HEADER_BYTES) {
      throw new EOFException("a frame ends early");
    }
    ByteBuffer fields = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
    int length = fields.getInt();
    int kind = fields.getInt();
    long id = fields.getLong();
    if (length < 0 || length > FrameWriter.BODY_BYTES_MAX) {
      throw new FrameException("a frame of " + length + " bytes");
    }
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("a frame ends early");
    }
    return Optional.of(MessageCodec.decode(kind, id, ByteBuffer.wrap(body)));
  }
}
