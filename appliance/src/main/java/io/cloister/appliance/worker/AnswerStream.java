package io.cloister.appliance.worker;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The server's reading end: one thread, a fresh array for every body, which the tensors share.
 * Closing leaves the stream open.
 */
final class AnswerStream implements AutoCloseable {
  /** As much as a pipe holds: one read brings small frames together, and most of a large one. */
  private static final int AHEAD_BYTES = 64 << 10;

  /** A longer body is taken when it has come so far, whatever its header says, and is counted. */
  private static final int AT_ONCE_BYTES_MAX = 1 << 20;

  private final InputStream in;
  private final AnswerRoom room;
  private final ByteBuffer ahead =
      ByteBuffer.allocate(AHEAD_BYTES).order(ByteOrder.LITTLE_ENDIAN).limit(0);

  private long held;
  private long taken;

  AnswerStream(InputStream in) {
    this(in, AnswerRoom.OF_THIS_PROCESS);
  }

  AnswerStream(InputStream in, AnswerRoom room) {
    this.in = in;
    this.room = room;
  }

  /**
   * The next message; empty at the end. The one before is with those who asked by now. A result for
   * which there is no room becomes a fault.
   */
  Optional<Message> read() throws IOException {
    close();
    if (!readHeader()) {
      return Optional.empty();
    }
    int length = ahead.getInt();
    int kind = ahead.getInt();
    long id = ahead.getLong();
    if (length < 0 || length > FrameWriter.BODY_BYTES_MAX) {
      throw new FrameException("a frame of " + length + " bytes");
    }
    if (length > AT_ONCE_BYTES_MAX && !MessageCodec.isResult(kind)) {
      throw new FrameException("a frame of " + length + " bytes that is no result");
    }
    if (length > AT_ONCE_BYTES_MAX) {
      awaitThoseAnswered();
    }
    int left = length;
    try {
      take(length);
      byte[] body = readBody(length);
      left = 0;
      return Optional.of(MessageCodec.decode(kind, id, ByteBuffer.wrap(body), this::take));
    } catch (AnswerTooLong e) {
      skip(left);
      return Optional.of(new Message.Fault(id, e.kind(), String.valueOf(e.getMessage())));
    }
  }

  /**
   * Whoever was answered before counts that as its own now. Virtual threads that this one wakes run
   * in that order, and none runs while others keep the processors busy: without waiting for them,
   * the heap would fill with what nobody has counted.
   */
  private static void awaitThoseAnswered() {
    CompletableFuture.runAsync(() -> {}, Thread::startVirtualThread).join();
  }

  private void take(long bytes) throws AnswerTooLong {
    held += bytes;
    if (held > AT_ONCE_BYTES_MAX) {
      room.take(held - taken, held);
      taken = held;
    }
  }

  /** Gives back what the last message took. */
  @Override
  public void close() {
    if (taken > 0) {
      room.giveBack(taken);
    }
    held = 0;
    taken = 0;
  }

  private void skip(int length) throws IOException {
    int there = Math.min(ahead.remaining(), length);
    ahead.position(ahead.position() + there);
    in.skipNBytes(length - there);
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
    readFully(body, there);
    if (length > body.length) {
      int came = body.length;
      body = Arrays.copyOf(body, length);
      readFully(body, came);
    }
    return body;
  }

  private void readFully(byte[] body, int there) throws IOException {
    if (in.readNBytes(body, there, body.length - there) < body.length - there) {
      throw new EOFException("a frame ends early");
    }
  }
}
