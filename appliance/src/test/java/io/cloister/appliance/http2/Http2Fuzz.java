package io.cloister.appliance.http2;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Whatever frames and header blocks come, they are understood, or end the connection in HTTP/2's
 * own way; every other exception is a defect, and so is what stays behind.
 */
final class Http2Fuzz {

  /** Blocks of one connection: each has its length before it. */
  @FuzzTest(maxDuration = "10s")
  void headerBlocks(byte[] bytes) {
    HeaderDecoder decoder = new HeaderDecoder();
    ByteBuffer blocks = ByteBuffer.wrap(bytes);
    try {
      while (blocks.hasRemaining()) {
        byte[] block = new byte[Math.min(blocks.get() & 0xFF, blocks.remaining())];
        blocks.get(block);
        check(decoder.decode(block));
      }
    } catch (ConnectionFault e) {
      return;
    }
  }

  private static void check(List<Field> fields) throws ConnectionFault {
    int bytes = fields.stream().mapToInt(Field::size).sum();
    if (bytes > HeaderDecoder.LIST_BYTES_MAX) {
      throw new IllegalStateException("header fields of " + bytes + " bytes");
    }
    if (!new HeaderDecoder().decode(HeaderEncoder.encode(fields)).equals(fields)) {
      throw new IllegalStateException("what is encoded here is read otherwise: " + fields);
    }
  }

  /** Bytes as {@link RawHttp2#frames} takes them. */
  @FuzzTest(maxDuration = "10s")
  void connection(byte[] bytes) throws InterruptedException {
    new FuzzedConnection(RawHttp2.frames(bytes)).run();
  }
}
