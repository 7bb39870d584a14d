package io.cloister.appliance.http2;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One request and its answer (RFC 9113 §5.1): its body is read as it comes. */
public final class Http2Stream {
  /** What a caller may send before it is read. */
  static final int WINDOW = 256 << 10;

  private static final int SHARED = 4 << 10;

  private final Http2Connection connection;
  private final int id;
  private final RequestHead head;
  private final long startNanos = System.nanoTime();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<ByteBuffer> arrived = new ArrayDeque<>();
  private int window = WINDOW;
  private int uncredited;
  private long received;
  private boolean complete;
  private boolean waiting;
  private volatile boolean ended;
  private boolean done;
  private volatile boolean answered;
  private @Nullable Thread thread;

  /** What may be sent; under the writer's lock. */
  long sendWindow;

  Http2Stream(Http2Connection connection, int id, RequestHead head) {
    this.connection = connection;
    this.id = id;
    this.head = head;
  }

  int id() {
    return id;
  }

  public RequestHead head() {
    return head;
  }

  /** {@link System#nanoTime()} when its head was there. */
  public long startNanos() {
    return startNanos;
  }

  /** The caller's address. */
  public String peer() {
    return connection.peer();
  }

  /** Whether nobody is there any more. */
  public boolean ended() {
    return ended;
  }

  /**
   * What its thread may be interrupted in: never while it sends, which would end the connection.
   */
  @FunctionalInterface
  public interface Work<T, E extends Exception> {
    T run() throws E;
  }

  /** Does that, and is interrupted in it when the caller leaves. */
  public <T, E extends Exception> T interruptibly(Work<T, E> work) throws E, StreamEnded {
    lock.lock();
    try {
      if (ended) {
        throw new StreamEnded("the caller left before the answer");
      }
      thread = Thread.currentThread();
    } finally {
      lock.unlock();
    }
    try {
      return work.run();
    } finally {
      settle();
    }
  }

  private void settle() {
    lock.lock();
    try {
      thread = null;
      var _ = Thread.interrupted();
    } finally {
      lock.unlock();
    }
  }

  /** Nothing of it is read any more. */
  void finish() {
    lock.lock();
    try {
      done = true;
      connection.release(drop());
    } finally {
      lock.unlock();
    }
  }

  private int drop() {
    int bytes = arrived.stream().mapToInt(ByteBuffer::remaining).sum();
    arrived.clear();
    return bytes;
  }

  /** The caller is gone. */
  void end() {
    lock.lock();
    try {
      ended = true;
      if (thread != null) {
        thread.interrupt();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** False where the caller sends more than it may. */
  boolean add(byte[] content, int length, boolean last) {
    lock.lock();
    try {
      if (complete || length > window) {
        return false;
      }
      window -= length;
      complete = last;
      if (done || ended) {
        connection.release(content.length);
      } else {
        keep(content);
      }
      received += content.length;
      uncredited += length - content.length;
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Small pieces share a buffer: an object for each would take a hundred times what they have. */
  private void keep(byte[] content) {
    ByteBuffer last = arrived.peekLast();
    if (last != null && last.capacity() - last.limit() >= content.length) {
      last.limit(last.limit() + content.length).put(last.limit() - content.length, content);
    } else if (content.length >= SHARED) {
      arrived.add(ByteBuffer.wrap(content));
    } else if (content.length > 0) {
      arrived.add(ByteBuffer.allocate(SHARED).put(content).flip());
    }
  }

  /** Whether so much came as its head says; more may still come while it is not complete. */
  boolean isAsLongAsAnnounced() {
    OptionalLong announced = head.contentLength();
    lock.lock();
    try {
      return announced.isEmpty()
          || received == announced.getAsLong()
          || (!complete && received < announced.getAsLong());
    } finally {
      lock.unlock();
    }
  }

  /** Whether it waits for nothing but its caller. */
  boolean waits() {
    lock.lock();
    try {
      return waiting;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the caller has said all. */
  boolean complete() {
    lock.lock();
    try {
      return complete;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Fills the buffer from the body, as far as it goes.
   *
   * @param deadlineNanos {@link System#nanoTime()} until which bytes are waited for
   * @return bytes read; fewer than asked for only at the end of the body
   */
  public int read(byte[] into, int offset, int length, long deadlineNanos)
      throws StreamEnded, TimeoutException {
    int got = 0;
    while (got < length) {
      int more = readSome(into, offset + got, length - got, deadlineNanos);
      if (more < 0) {
        return got;
      }
      got += more;
    }
    return got;
  }

  private int readSome(byte[] into, int offset, int length, long deadlineNanos)
      throws StreamEnded, TimeoutException {
    int taken;
    int credit;
    lock.lock();
    try {
      awaitContent(deadlineNanos);
      ByteBuffer next = arrived.peek();
      if (next == null) {
        return -1;
      }
      taken = Math.min(length, next.remaining());
      next.get(into, offset, taken);
      if (!next.hasRemaining()) {
        arrived.remove();
      }
      credit = credit(taken);
    } finally {
      lock.unlock();
    }
    connection.release(taken);
    if (credit > 0) {
      connection.creditStream(this, credit);
    }
    return taken;
  }

  /** Half a window is given back at once, not each byte. */
  private int credit(int taken) {
    uncredited += taken;
    if (complete || uncredited < WINDOW / 2) {
      return 0;
    }
    int credit = uncredited;
    window += credit;
    uncredited = 0;
    return credit;
  }

  private void awaitContent(long deadlineNanos) throws StreamEnded, TimeoutException {
    waiting = true;
    try {
      while (arrived.isEmpty() && !complete && !ended) {
        long left = deadlineNanos - System.nanoTime();
        if (left <= 0) {
          throw new TimeoutException("the body did not arrive in time");
        }
        var _ = changed.await(left, TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StreamEnded("the request was interrupted");
    } finally {
      waiting = false;
    }
    if (ended) {
      throw new StreamEnded("the caller left within the request");
    }
  }

  /**
   * Sends a part of the answer.
   *
   * @param fields before the content; empty where they were sent already
   * @param trailers which end the answer; empty where more of it follows
   */
  public void answer(List<Field> fields, List<ByteBuffer> content, List<Field> trailers)
      throws StreamEnded {
    connection.answer(this, fields, content, trailers);
    answered |= !trailers.isEmpty();
  }

  /** Whether its answer was sent to the end. */
  boolean answered() {
    return answered;
  }
}
