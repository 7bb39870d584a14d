package io.cloister.appliance.worker;

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
  private final ReadableByteChannel in;
  private final WritableByteChannel out;
  private final ReentrantLock readLock = new ReentrantLock();
  private final ReentrantLock writeLock = new ReentrantLock();
  private final ByteBuffer header =
      ByteBuffer.allocateDirect(FrameWriter.HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  FrameChannel(ReadableByteChannel in, WritableByteChannel out) {
    this.in = in;
    this.out = out;
  }

  /** The next message, whose tensors lie in the input; null at the end. */
  @Nullable Message read(FrameInput input) throws IOException {
    readLock.lock();
    try {
      if (!fill(header.clear())) {
        return null;
      }
      ByteBuffer body = input.take(header.getInt(0));
      if (!fill(body)) {
        throw new EOFException("a frame ends early");
      }
      int kind = header.getInt(Integer.BYTES);
      return MessageCodec.decode(kind, header.getLong(2 * Integer.BYTES), body.flip());
    } finally {
      readLock.unlock();
    }
  }

  /** False at the end of the stream before the first byte. */
  private boolean fill(ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (in.read(buffer) < 0) {
        if (buffer.position() == 0) {
          return false;
        }
        throw new EOFException("a frame ends early");
      }
    }
    return true;
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
  }

  private static ByteBuffer encode(FrameWriter writer, Message message) throws FrameException {
    try {
      return MessageCodec.encode(writer, message);
    } catch (FrameException e) {
      if (message instanceof Message.Result result) {
        String reason = "the result cannot be sent: " + e.getMessage();
        return MessageCodec.encode(writer, new Message.Fault(result.id(), false, reason));
      }
      throw e;
    }
  }
}
