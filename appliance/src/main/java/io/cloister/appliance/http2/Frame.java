package io.cloister.appliance.http2;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;

/**
 * One frame as it was received (RFC 9113 §4.1).
 *
 * @param length of the payload as it counts for flow control, with its padding
 */
record Frame(Type type, int flags, int stream, int length, BufferData payload) {
  static final int HEAD_BYTES = 9;

  /** The least that everyone must take, and the most that is taken here (§4.2). */
  static final int PAYLOAD_MAX = 16 << 10;

  static final int END_STREAM = 0x1;
  static final int ACK = 0x1;
  static final int END_HEADERS = 0x4;
  private static final int PADDED = 0x8;
  private static final int PRIORITY = 0x20;
  private static final int PRIORITY_BYTES = 5;
  private static final int STREAM_BITS = 0x7FFF_FFFF;

  /** What it is (§6). */
  enum Type {
    DATA(0),
    HEADERS(1),
    PRIORITY(2),
    RST_STREAM(3),
    SETTINGS(4),
    PUSH_PROMISE(5),
    PING(6),
    GOAWAY(7),
    WINDOW_UPDATE(8),
    CONTINUATION(9),
    UNKNOWN(-1);

    private final int number;

    Type(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }

    static Type of(int number) {
      for (Type type : values()) {
        if (type.number == number) {
          return type;
        }
      }
      return UNKNOWN;
    }
  }

  /** Waits for the next one; nothing is kept for what is longer than may be. */
  static Frame read(DataReader in) throws ConnectionFault {
    BufferData head = in.readBuffer(HEAD_BYTES);
    int length = head.readInt24();
    int number = head.read();
    int flags = head.read();
    int stream = head.readInt32() & STREAM_BITS;
    if (length > PAYLOAD_MAX) {
      throw new ConnectionFault(
          ErrorCode.FRAME_SIZE_ERROR,
          "a frame of %d bytes; at most %d".formatted(length, PAYLOAD_MAX));
    }
    Type type = Type.of(number);
    BufferData payload = length == 0 ? BufferData.empty() : in.readBuffer(length);
    return new Frame(type, flags, stream, length, payload);
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** The payload of DATA or HEADERS without padding and priority (§6.1, §6.2). */
  byte[] content() throws ConnectionFault {
    boolean padded = has(PADDED) && type != Type.CONTINUATION;
    int padding = padded && length > 0 ? payload.read() : 0;
    int before = (padded ? 1 : 0) + (priority() ? PRIORITY_BYTES : 0);
    int bytes = length - before - padding;
    if (bytes < 0) {
      throw new ConnectionFault(ErrorCode.PROTOCOL_ERROR, "more padding than frame");
    }
    if (priority()) {
      payload.skip(PRIORITY_BYTES);
    }
    byte[] content = new byte[bytes];
    read(content);
    return content;
  }

  private boolean priority() {
    return type == Type.HEADERS && has(PRIORITY);
  }

  private void read(byte[] into) {
    for (int at = 0; at < into.length; ) {
      at += payload.read(into, at, into.length - at);
    }
  }

  /** The whole payload, which must be that long. */
  byte[] fixed(int bytes) throws ConnectionFault {
    if (length != bytes) {
      throw new ConnectionFault(
          ErrorCode.FRAME_SIZE_ERROR, "%s of %d bytes, not %d".formatted(type, length, bytes));
    }
    byte[] all = new byte[bytes];
    read(all);
    return all;
  }

  Frame onConnection(boolean expected) throws ConnectionFault {
    if ((stream == 0) != expected) {
      throw new ConnectionFault(ErrorCode.PROTOCOL_ERROR, type + " on stream " + stream);
    }
    return this;
  }
}
