package io.cloister.appliance.http;

import io.helidon.http.HttpException;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * One request's body while it is read and answered; its bytes are counted as they are decompressed.
 * Made by {@link RequestBodies}.
 */
public final class RequestBody implements AutoCloseable {
  private static final Logger LOG = System.getLogger(RequestBody.class.getName());
  private static final int DROPPED_AT_ONCE = 8 << 10;

  private final RequestBodies all;
  private final HeapShare heap;
  private final InputStream raw;
  private final Optional<Coding> coding;
  private @Nullable InputStream content;
  private final long bytesMax;
  private final Supplier<HttpException> tooLong;
  private final Thread reader = Thread.currentThread();
  private final long startNanos = System.nanoTime();
  private Runnable onRead = () -> {};
  private long bytes;
  private int heapPerByte = RequestBodies.HEAP_PER_BYTE;
  private boolean read;
  private boolean cutOff;

  RequestBody(
      RequestBodies all, ServerRequest request, long bytesMax, Supplier<HttpException> tooLong) {
    this.all = all;
    this.heap = all.share();
    this.bytesMax = bytesMax;
    this.tooLong = tooLong;
    this.raw =
        request.content().hasEntity()
            ? request.content().inputStream()
            : InputStream.nullInputStream();
    this.coding = Coding.ofBody(request.headers());
  }

  void onRead(Runnable action) {
    onRead = action;
  }

  /**
   * Ends with an {@link HttpException} at the limit, when the sender breaks off or is too slow, and
   * when too many bodies are read at once.
   */
  public InputStream stream() {
    return new Bounded();
  }

  /** A reader that waits for bytes ends when its thread is interrupted; the connection does too. */
  synchronized void endIfOverdue(Duration time) {
    if (!read && System.nanoTime() - startNanos > time.toNanos()) {
      cutOff = true;
      reader.interrupt();
    }
  }

  /** No more of it is read: from here on the answer may take its time. */
  private void finish() {
    drop();
    synchronized (this) {
      if (read) {
        return;
      }
      read = true;
      if (cutOff) {
        Thread.interrupted();
      }
    }
    onRead.run();
  }

  /**
   * What is left is read and dropped as it came, up to Helidon's limit: else its sender sees no
   * answer. Decompressed it could be a thousand times as long, and nothing would bound it.
   */
  private void drop() {
    byte[] dropped = new byte[1]; // mostly nothing is left
    try {
      while (!read && raw.read(dropped, 0, dropped.length) >= 0) {
        dropped = dropped.length == 1 ? new byte[DROPPED_AT_ONCE] : dropped;
      }
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.DEBUG, "the rest of a body", e);
    }
  }

  /** All was read, and what it became keeps so much heap until the answer. */
  public void became(long kept) {
    finish();
    heap.became(kept);
  }

  /** What the request and its answer keep, until this is closed. */
  public HeapShare heap() {
    return heap;
  }

  /** What is read from here on keeps its size: tensors as they lie in memory. */
  public void continuesPacked() {
    heapPerByte = 2; // while it is gathered
  }

  @Override
  public void close() {
    became(0);
    all.closed(this);
    if (coding.isPresent() && content != null) {
      try {
        content.close();
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "the end of a compressed body", e);
      }
    }
  }

  /** Whatever goes wrong below is the sender's doing: the network, or what it sent. */
  private int fill(byte[] buffer, int offset, int length) {
    try {
      if (content == null) {
        content = coding.isPresent() ? coding.get().decode(raw) : raw;
      }
      return content.read(buffer, offset, length);
    } catch (ZipException e) {
      throw new HttpException(
          "the body is not compressed as its Content-Encoding says: " + e.getMessage(),
          Status.BAD_REQUEST_400,
          e,
          false);
    } catch (IOException | RuntimeException e) {
      throw brokenOff(e);
    }
  }

  private HttpException brokenOff(Exception cause) {
    boolean late;
    synchronized (this) {
      late = cutOff;
    }
    return late
        ? new HttpException(
            "the body did not arrive in time", Status.REQUEST_TIMEOUT_408, cause, false)
        : new HttpException(
            "the body broke off, or its chunks are not as HTTP has them (RFC 9112 §7.1)",
            Status.BAD_REQUEST_400,
            cause,
            false);
  }

  private final class Bounded extends InputStream {
    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int got = fill(buffer, offset, length);
      if (got > 0) {
        bytes += got;
        if (bytes > bytesMax) {
          throw tooLong.get();
        }
        heap.take((long) got * heapPerByte);
      }
      return got;
    }

    @Override
    public void close() {
      finish();
    }
  }
}
