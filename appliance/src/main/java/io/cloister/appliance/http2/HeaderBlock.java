package io.cloister.appliance.http2;

import java.io.ByteArrayOutputStream;

/**
 * A header block while its frames come (RFC 9113 §4.3): nothing else comes between them, and they
 * are few and short.
 */
final class HeaderBlock {
  private static final int BYTES_MAX = HeaderDecoder.LIST_BYTES_MAX;
  private static final int FRAMES_MAX = 8;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private int stream;
  private boolean last;
  private int frames;

  /** The first frame of one. */
  void start(Frame frame) throws ConnectionFault {
    stream = frame.stream();
    last = frame.has(Frame.END_STREAM);
    frames = 0;
    bytes.reset();
    add(frame);
  }

  void add(Frame frame) throws ConnectionFault {
    if (frame.stream() != stream) {
      throw new ConnectionFault(ErrorCode.PROTOCOL_ERROR, "a continuation of nothing");
    }
    bytes.writeBytes(frame.content());
    frames++;
    if (frames > FRAMES_MAX || bytes.size() > BYTES_MAX) {
      throw new ConnectionFault(
          ErrorCode.ENHANCE_YOUR_CALM,
          "header fields of %d frames, %d bytes".formatted(frames, bytes.size()));
    }
  }

  /** Whether the next frame has to continue it. */
  boolean open() {
    return stream != 0;
  }

  int stream() {
    return stream;
  }

  /** Whether the request has no body. */
  boolean last() {
    return last;
  }

  byte[] take() {
    stream = 0;
    return bytes.toByteArray();
  }
}
