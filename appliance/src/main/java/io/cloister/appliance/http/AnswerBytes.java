package io.cloister.appliance.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The content of an answer while it is made and sent: a block is there when the heap had room for
 * it. A long one is never in one piece, and Helidon makes no copy of it.
 */
public final class AnswerBytes extends OutputStream {
  private static final int BLOCK_BYTES = 64 << 10;

  private final HeapShare heap;
  private final List<ByteBuffer> parts = new ArrayList<>();
  private ByteBuffer block = ByteBuffer.allocate(0);
  private long length;
  private long taken;

  public AnswerBytes(HeapShare heap) {
    this.heap = heap;
  }

  @Override
  public void write(int value) {
    write(new byte[] {(byte) value}, 0, 1);
  }

  /** Refuses with an {@link io.helidon.http.HttpException} where there is no room. */
  @Override
  public void write(byte[] bytes, int offset, int count) {
    int done = 0;
    while (done < count) {
      if (!block.hasRemaining()) {
        begin(count - done);
      }
      int some = Math.min(count - done, block.remaining());
      block.put(bytes, offset + done, some);
      done += some;
    }
    length += count;
  }

  /** A short answer comes at once, and has a block of its length. */
  private void begin(int more) {
    int size = (int) Math.max(more, Math.min(BLOCK_BYTES, length));
    heap.take(size);
    taken += size;
    endBlock();
    block = ByteBuffer.allocate(size);
  }

  private void endBlock() {
    if (block.position() > 0) {
      parts.add(block.flip());
    }
    block = ByteBuffer.allocate(0);
  }

  /** Content that stays where it is, and is counted there. */
  public void add(ByteBuffer content) {
    endBlock();
    parts.add(content);
    length += content.remaining();
  }

  public long length() {
    return length;
  }

  /** The same, compressed; this one is none any more. */
  AnswerBytes encoded(Coding coding) {
    AnswerBytes encoded = new AnswerBytes(heap);
    try (OutputStream out = coding.encoder(encoded)) {
      copyTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    parts.clear();
    heap.giveBack(taken);
    return encoded;
  }

  void send(ServerResponse response) {
    if (length <= BLOCK_BYTES) {
      response.send(whole());
      return;
    }
    response.header(HeaderValues.create(HeaderNames.CONTENT_LENGTH, length));
    try (OutputStream out = response.outputStream()) {
      copyTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException("sending an answer", e);
    }
  }

  /** Mostly the one block as it is. */
  private byte[] whole() {
    endBlock();
    if (parts.size() == 1
        && parts.getFirst().hasArray()
        && parts.getFirst().array().length == length) {
      return parts.getFirst().array();
    }
    ByteBuffer whole = ByteBuffer.allocate((int) length);
    parts.forEach(part -> whole.put(part.duplicate()));
    return whole.array();
  }

  private void copyTo(OutputStream out) throws IOException {
    endBlock();
    byte[] some = new byte[BLOCK_BYTES];
    for (ByteBuffer part : parts) {
      ByteBuffer rest = part.duplicate();
      while (rest.hasRemaining()) {
        int count = Math.min(rest.remaining(), some.length);
        rest.get(some, 0, count);
        out.write(some, 0, count);
      }
    }
  }
}
