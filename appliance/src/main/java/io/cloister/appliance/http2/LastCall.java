package io.cloister.appliance.http2;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/**
 * Ends a connection so that its caller loses no request (RFC 9113 §6.8): it is told to leave, then
 * which requests are answered.
 */
final class LastCall {
  /** Answered by a peer that has seen the GOAWAY before it. */
  private static final byte[] WORDS = "lastcall".getBytes(StandardCharsets.US_ASCII);

  /** With a peer that was told to leave, and asks nothing. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final FrameWriter writer;
  private final Streams streams;
  private volatile boolean made;

  LastCall(FrameWriter writer, Streams streams) {
    this.writer = writer;
    this.streams = streams;
  }

  void make() {
    if (!made) {
      made = true;
      writer.goAway(Integer.MAX_VALUE, ErrorCode.NO_ERROR);
      writer.control(Frame.Type.PING, 0, 0, WORDS);
    }
  }

  /** Whether that PING came back. */
  boolean heard(byte[] data) {
    return made && Arrays.equals(data, WORDS);
  }

  /** What comes from now on is not answered. */
  void takeNoMore() {
    writer.goAway(streams.refuseNew(), ErrorCode.NO_ERROR);
  }

  /** Likewise, where the peer may say nothing. */
  void makeAndWait() throws InterruptedException {
    make();
    Thread.sleep(PATIENCE);
    takeNoMore();
  }
}
