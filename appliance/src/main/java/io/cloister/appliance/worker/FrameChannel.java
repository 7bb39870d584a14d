package io.cloister.appliance.worker;

import io.cloister.appliance.worker.RunException.Kind;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The worker's end of the pipes; any number of threads read and write whole messages. */
final class FrameChannel {
  /** One read of the pipe brings the whole of a small frame, and those that follow it. */
  private static final int AHEAD_BYTES = 64 << 10;

  private final ReadableByteChannel in;
  private final WritableByteChannel out;
  private final ReentrantLock readLock = new ReentrantLock();
  private final ReentrantLock writeLock = new ReentrantLock();
  private final ByteBuffer ahead =
      ByteBuffer.allocateDirect(AHEAD_BYTES).order(ByteOrder.LITTLE_ENDIAN).limit(0);

  FrameChannel(ReadableByteChannel in, WritableByteChannel out) {
    this.in = in;
    this.out = out;
  }

  /** The next message, whose tensors lie in the input, and no earlier one's; null at the end. */
  @Nullable Message read(FrameInput input) throws IOException {
    input.release();
    int kind;
    long id;
    ByteBuffer body;
    readLock.lock();
    try {
      if (!readHeader()) {
        return null;
      }
      body = input.take(ahead.getInt());
      kind = ahead.getInt();
      id = ahead.getLong();
      readBody(body);
    } finally {
      readLock.unlock();
    }
    return MessageCodec.decode(kind, id, body.flip(), bytes -> {}); // bounded from outside
  }

  /** False at the end of the stream before the first byte. */
  private boolean readHeader() throws IOException {
    while (ahead.remaining() < FrameWriter.HEADER_BYTES) {
      int got = in.read(ahead.compact());
      ahead.flip();
      if (got < 0) {
        if (!ahead.hasRemaining()) {
          return false;
        }
        throw new EOFException("a frame ends early");
      }
    }
    return true;
  }

  /** What is not there yet goes straight into its place. */
  private void readBody(ByteBuffer body) throws IOException {
    int there = Math.min(ahead.remaining(), body.remaining());
    body.put(ahead.slice(ahead.position(), there));
    ahead.position(ahead.position() + there);
    while (body.hasRemaining()) {
      if (in.read(body) < 0) {
        throw new EOFException("a frame ends early");
      }
    }
  }

  /** A result that does not fit a frame becomes a fault. */
  void write(FrameWriter writer, Message message) throws IOException {
    ByteBuffer frame = encode(writer, message);
    writeLock.lock();
    try {
      while (frame.hasRemaining()) {
        out.write(frame);
      }
    } finally {
      writeLock.unlock();
    }
    writer.release();
  }

  private static ByteBuffer encode(FrameWriter writer, Message message) throws FrameException {
    try {
      return MessageCodec.encode(writer, message);
    } catch (FrameException e) {
      if (message instanceof Message.Result result) {
        String reason = "the result cannot be sent: " + e.getMessage();
        return MessageCodec.encode(writer, new Message.Fault(result.id(), Kind.MODEL, reason));
      }
      throw e;
    }
  }
}
