package io.cloister.appliance.oip.grpc;

import io.cloister.appliance.http.Coding;
import io.cloister.appliance.http.HeapShare;
import io.cloister.appliance.http.RequestBodies;
import io.cloister.appliance.http2.Http2Stream;
import io.cloister.appliance.http2.StreamEnded;
import io.cloister.appliance.oip.RawData;
import io.helidon.http.HttpException;
import io.helidon.http.Status;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.zip.ZipException;

/**
 * Takes a body apart into its messages (gRPC, "gRPC over HTTP2": Length-Prefixed-Message). A length
 * is only words until the bytes are there: memory grows with them.
 */
final class MessageReader {
  private static final int PREFIX_BYTES = 5;
  private static final int FIRST_BYTES = 64 << 10;
  private static final int GROWTH = 4;

  private final Http2Stream stream;
  private final RequestBodies bodies;
  private final long bytesMax;
  private final Optional<Coding> coding;
  private final long deadlineNanos;

  /**
   * @param bytesMax of a message, when it is decompressed
   * @param coding how messages that are flagged are compressed
   * @param deadlineNanos {@link System#nanoTime()} until which the caller waits
   */
  MessageReader(
      Http2Stream stream,
      RequestBodies bodies,
      long bytesMax,
      Optional<Coding> coding,
      long deadlineNanos) {
    this.stream = stream;
    this.bodies = bodies;
    this.bytesMax = bytesMax;
    this.coding = coding;
    this.deadlineNanos = deadlineNanos;
  }

  /** The one message that there is. */
  Message only() throws StreamEnded {
    long until = inTime();
    Message message = read(until).orElseThrow(() -> RawData.refused("the request has no message"));
    try {
      if (fill(new byte[1], 0, 1, until) > 0) {
        throw RawData.refused("this method takes one message, and more were sent");
      }
      return message;
    } catch (StreamEnded | RuntimeException e) {
      message.close();
      throw e;
    }
  }

  /** The next one, as long as it may take its caller to begin it; empty after the last. */
  Optional<Message> next() throws StreamEnded {
    return read(deadlineNanos);
  }

  private long inTime() {
    long within = System.nanoTime() + bodies.time().toNanos();
    return within - deadlineNanos < 0 ? within : deadlineNanos;
  }

  private Optional<Message> read(long until) throws StreamEnded {
    byte[] prefix = new byte[PREFIX_BYTES];
    int got = fill(prefix, 0, 1, until);
    if (got == 0) {
      return Optional.empty();
    }
    long inTime = inTime();
    got += fill(prefix, 1, PREFIX_BYTES - 1, inTime);
    long length = ByteBuffer.wrap(prefix).getInt(1) & 0xFFFF_FFFFL;
    boolean compressed = prefix[0] == 1;
    if (got < PREFIX_BYTES || prefix[0] < 0 || prefix[0] > 1) {
      throw RawData.refused("the body is not messages as gRPC has them");
    }
    if (compressed && coding.isEmpty()) {
      throw RawData.refused("a message is compressed, and grpc-encoding does not say how");
    }
    if (length > bytesMax) {
      throw bodies.tooLong(bytesMax);
    }
    HeapShare heap = bodies.share();
    try {
      byte[] bytes = gather(heap, (int) length, inTime);
      return Optional.of(
          new Message(
              compressed ? decode(coding.get(), heap, bytes) : ByteBuffer.wrap(bytes), heap));
    } catch (StreamEnded | RuntimeException e) {
      heap.close();
      throw e;
    }
  }

  private byte[] gather(HeapShare heap, int length, long until) throws StreamEnded {
    byte[] bytes = new byte[Math.min(length, FIRST_BYTES)];
    heap.take(bytes.length);
    int got = 0;
    while (true) {
      got += fill(bytes, got, bytes.length - got, until);
      if (got < bytes.length) {
        throw RawData.refused("the body ends within a message");
      }
      if (got == length) {
        return bytes;
      }
      int larger = (int) Math.min(length, (long) bytes.length * GROWTH);
      heap.take(larger);
      bytes = Arrays.copyOf(bytes, larger);
      heap.became(larger);
    }
  }

  private int fill(byte[] into, int offset, int length, long until) throws StreamEnded {
    try {
      return stream.read(into, offset, length, until);
    } catch (TimeoutException e) {
      throw new HttpException("the body did not arrive in time", Status.REQUEST_TIMEOUT_408, e);
    }
  }

  /** The limit is that of what comes out. */
  private ByteBuffer decode(Coding coding, HeapShare heap, byte[] compressed) {
    try (InputStream in = coding.decode(new ByteArrayInputStream(compressed))) {
      byte[] bytes = new byte[(int) Math.min(FIRST_BYTES, bytesMax + 1)];
      heap.take(bytes.length);
      int got = 0;
      while (true) {
        got += in.readNBytes(bytes, got, bytes.length - got);
        if (got > bytesMax) {
          throw bodies.tooLong(bytesMax);
        }
        if (got < bytes.length) {
          heap.became(bytes.length);
          return ByteBuffer.wrap(bytes, 0, got);
        }
        int larger = (int) Math.min(bytesMax + 1, (long) bytes.length * GROWTH);
        heap.take(larger);
        bytes = Arrays.copyOf(bytes, larger);
      }
    } catch (ZipException | EOFException e) {
      throw new HttpException(
          "a message is not compressed as grpc-encoding says: " + e.getMessage(),
          Status.BAD_REQUEST_400,
          e);
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
  }
}
