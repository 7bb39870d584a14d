package io.cloister.appliance.http2;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;
import io.helidon.webserver.ServerConnectionException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Sends frames, and content as fast as the peer takes it (RFC 9113 §5.2, §6.9). What belongs
 * together is sent together: a small answer is one packet.
 */
final class FrameWriter {
  private static final Logger LOG = System.getLogger(FrameWriter.class.getName());

  /** The window of a connection, and of a stream before the peer says otherwise (§6.9.2). */
  static final int WINDOW_FIRST = 65_535;

  private static final int BATCH_MAX = 64 << 10;

  /** What of an answer its caller has to take within the patience with it. */
  private static final int PACE_BYTES = 64 << 10;

  private final DataWriter out;
  private final Duration patience;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Batch batch = new Batch();
  private long window = WINDOW_FIRST;
  private int streamWindow = WINDOW_FIRST;
  private long answerFrames;
  private boolean ended;

  /**
   * @param patience with a peer that takes no more of an answer
   */
  FrameWriter(DataWriter out, Duration patience) {
    this.out = out;
    this.patience = patience;
  }

  /** A frame that has no content of a request. */
  void control(Frame.Type type, int flags, int stream, byte[] payload) {
    lock.lock();
    try {
      batch.head(type, flags, stream, payload.length).put(payload);
      flush();
    } finally {
      lock.unlock();
    }
  }

  void number(Frame.Type type, int stream, int number) {
    control(type, 0, stream, ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
  }

  void reset(int stream, ErrorCode code) {
    number(Frame.Type.RST_STREAM, stream, code.number());
  }

  void goAway(int lastStream, ErrorCode code) {
    byte[] payload =
        ByteBuffer.allocate(2 * Integer.BYTES).putInt(lastStream).putInt(code.number()).array();
    control(Frame.Type.GOAWAY, 0, 0, payload);
  }

  /**
   * Sends a part of an answer.
   *
   * @param head header block before the content; none when empty
   * @param trailers header block after it, which ends the answer; none when empty
   */
  void answer(Http2Stream stream, byte[] head, List<ByteBuffer> content, byte[] trailers)
      throws StreamEnded {
    lock.lock();
    try {
      if (head.length > 0) {
        batch.head(Frame.Type.HEADERS, Frame.END_HEADERS, stream.id(), head.length).put(head);
      }
      answerFrames++;
      long left = content.stream().mapToLong(ByteBuffer::remaining).sum();
      long until = System.nanoTime() + patience.multipliedBy(1 + left / PACE_BYTES).toNanos();
      int part = 0;
      while (left > 0) {
        int bytes = (int) Math.min(left, awaitRoom(stream, until));
        answerFrames++;
        batch.head(Frame.Type.DATA, 0, stream.id(), bytes);
        part = batch.put(content, part, bytes);
        window -= bytes;
        stream.sendWindow -= bytes;
        left -= bytes;
        if (batch.length() > BATCH_MAX) {
          flush();
        }
      }
      if (trailers.length > 0) {
        int flags = Frame.END_HEADERS | Frame.END_STREAM;
        batch.head(Frame.Type.HEADERS, flags, stream.id(), trailers.length).put(trailers);
      }
      flush();
      if (ended) {
        throw new StreamEnded("the connection ended within the answer");
      }
    } finally {
      lock.unlock();
    }
  }

  /** Bytes that one frame may have now; who takes one by one has no more time than others. */
  private long awaitRoom(Http2Stream stream, long until) throws StreamEnded {
    long left = 1;
    try {
      while (!ended && !stream.ended() && left > 0) {
        long room = Math.min(window, stream.sendWindow);
        if (room > 0) {
          return Math.min(room, Frame.PAYLOAD_MAX);
        }
        flush();
        left = until - System.nanoTime();
        if (left > 0) {
          var _ = changed.awaitNanos(left);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    flush();
    throw new StreamEnded(
        left > 0 ? "the caller left within the answer" : "the caller does not take the answer");
  }

  /** Where the connection is gone, nothing is sent any more. */
  private void flush() {
    BufferData bytes = batch.take();
    if (ended || bytes.available() == 0) {
      return;
    }
    try {
      out.writeNow(bytes);
    } catch (UncheckedIOException | ServerConnectionException e) {
      LOG.log(Level.DEBUG, "the connection ended within an answer", e);
      ended = true;
      changed.signalAll();
    }
  }

  /** The window of a stream that begins now. */
  void begin(Http2Stream stream) {
    lock.lock();
    try {
      stream.sendWindow = streamWindow;
    } finally {
      lock.unlock();
    }
  }

  /** Frames that peers answer with PING and WINDOW_UPDATE. */
  long answerFrames() {
    lock.lock();
    try {
      return answerFrames;
    } finally {
      lock.unlock();
    }
  }

  /**
   * SETTINGS_INITIAL_WINDOW_SIZE, for streams that are there too; false where one becomes larger
   * than may be (§6.9.2).
   */
  boolean streamWindow(int size, Collection<Http2Stream> streams) {
    lock.lock();
    try {
      streams.forEach(stream -> stream.sendWindow += (long) size - streamWindow);
      streamWindow = size;
      changed.signalAll();
      return streams.stream().allMatch(stream -> stream.sendWindow <= Integer.MAX_VALUE);
    } finally {
      lock.unlock();
    }
  }

  /** WINDOW_UPDATE of the connection; false where it becomes larger than may be (§6.9.1). */
  boolean credit(int bytes) {
    lock.lock();
    try {
      window += bytes;
      changed.signalAll();
      return window <= Integer.MAX_VALUE;
    } finally {
      lock.unlock();
    }
  }

  /** WINDOW_UPDATE of a stream. */
  boolean credit(Http2Stream stream, int bytes) {
    lock.lock();
    try {
      stream.sendWindow += bytes;
      changed.signalAll();
      return stream.sendWindow <= Integer.MAX_VALUE;
    } finally {
      lock.unlock();
    }
  }

  /** A stream ended: who sends on it looks again. */
  void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Nothing is waited for any more. */
  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
