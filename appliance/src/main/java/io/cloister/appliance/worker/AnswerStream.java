package io.cloister.appliance.worker;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/** The server's reading end: one thread, a fresh array for every body, which the tensors share. */
final class AnswerStream {
  /** As much as a pipe holds: one read brings small frames together, and most of a large one. */
  private static final int AHEAD_BYTES = 64 << 10;

  /** For a longer body there is room when it has come so far, whatever its header says. */
  private static final int AT_ONCE_BYTES_MAX = 1 << 20;

  private final InputStream in;
  private final ByteBuffer ahead =
      ByteBuffer.allocate(AHEAD_BYTES).order(ByteOrder.LITTLE_ENDIAN).limit(0);

  AnswerStream(InputStream in) {
    this.in = in;
  }

  /** The next message; empty at the end. */
  Optional<Message> read() throws IOException {
    if (!readHeader()) {
      return Optional.empty();
    }
    int length = ahead.getInt();
    int kind = ahead.getInt();
    long id = ahead.getLong();
    if (length < 0 || length > FrameWriter.BODY_BYTES_MAX) {
      throw new FrameException("a frame of " + length + " bytes");
    }
    return Optional.of(MessageCodec.decode(kind, id, ByteBuffer.wrap(readBody(length))));
  }

  /** False at the end of the stream before the first byte. */
  private boolean readHeader() throws IOException {
    while (ahead.remaining() < FrameWriter.HEADER_BYTES) {
      ahead.compact();
      int got = in.read(ahead.array(), ahead.position(), ahead.remaining());
      ahead.position(ahead.position() + Math.max(got, 0)).flip();
      if (got < 0) {
        if (!ahead.hasRemaining()) {
          return false;
        }
        throw new EOFException("a frame ends early");
      }
    }
    return true;
  }

  private byte[] readBody(int length) throws IOException {
    byte[] body = new byte[Math.min(length, AT_ONCE_BYTES_MAX)];
    int there = Math.min(ahead.remaining(), body.length);
    ahead.get(body, 0, there);
    while (true) {
      there += in.readNBytes(body, there, body.length - there);
      if (there < body.length) {
        throw new EOFException("a frame ends early");
      }
      if (there == length) {
        return body;
      }
      body = Arrays.copyOf(body, (int) Math.min(length, 2L * there));
    }
  }
}
