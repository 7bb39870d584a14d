package io.cloister.appliance.http2;

import java.nio.ByteBuffer;
import java.util.OptionalInt;

/**
 * What of a SETTINGS frame matters to who answers requests (RFC 9113 §6.5.2). Frames are never
 * longer than all must take, and header compression keeps no table.
 *
 * @param streamWindow SETTINGS_INITIAL_WINDOW_SIZE
 */
record PeerSettings(OptionalInt streamWindow) {
  private static final int ENTRY_BYTES = 6;
  private static final int PUSH = 2;
  private static final int STREAM_WINDOW = 4;
  private static final int FRAME_SIZE = 5;
  private static final long FRAME_SIZE_MAX = (1 << 24) - 1;

  static PeerSettings parse(byte[] payload) throws ConnectionFault {
    if (payload.length % ENTRY_BYTES != 0) {
      throw new ConnectionFault(
          ErrorCode.FRAME_SIZE_ERROR, "SETTINGS of %d bytes".formatted(payload.length));
    }
    OptionalInt window = OptionalInt.empty();
    ByteBuffer entries = ByteBuffer.wrap(payload);
    while (entries.hasRemaining()) {
      int name = entries.getShort();
      long value = entries.getInt() & 0xFFFF_FFFFL;
      if (name == STREAM_WINDOW) {
        if (value > Integer.MAX_VALUE) {
          throw new ConnectionFault(ErrorCode.FLOW_CONTROL_ERROR, "a window of " + value);
        }
        window = OptionalInt.of((int) value);
      } else if ((name == PUSH && value > 1)
          || (name == FRAME_SIZE && (value < Frame.PAYLOAD_MAX || value > FRAME_SIZE_MAX))) {
        throw new ConnectionFault(
            ErrorCode.PROTOCOL_ERROR, "setting %d is %d".formatted(name, value));
      }
    }
    return new PeerSettings(window);
  }
}
