package io.cloister.appliance.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.appliance.http2.RawHttp2.Received;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a caller over HTTP/2 may make the server keep or do, and what becomes of its requests. */
class Http2ConnectionTest {
  private static final int PROTOCOL_ERROR = 1;
  private static final int FLOW_CONTROL_ERROR = 3;
  private static final int FRAME_SIZE_ERROR = 6;
  private static final int REFUSED_STREAM = 7;
  private static final int COMPRESSION_ERROR = 9;
  private static final int ENHANCE_YOUR_CALM = 11;
  private static final byte[] CANCEL = {0, 0, 0, 8};

  private RunningHttp2 server;

  @BeforeEach
  void start() {
    server = new RunningHttp2(Duration.ofSeconds(5));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private RawHttp2 connected() throws IOException {
    return server.connected();
  }

  private static int goneAway(RawHttp2 caller) throws IOException {
    return caller.await(RawHttp2.GOAWAY).orElseThrow().number(4);
  }

  @Test
  void answersHeadContentAndTrailers() throws Exception {
    try (RawHttp2 caller = connected()) {
      caller.request(1, RawHttp2.call("/"), true);
      assertThat(caller.answer())
          .containsExactly(new Field(":status", "200"), new Field("grpc-status", "0"));
    }
  }

  @Test
  void requestsThatAreGivenUpAtOnceEndTheConnection() throws Exception {
    try (RawHttp2 caller = connected()) {
      for (int stream = 1; stream < 1_101; stream += 2) {
        caller.request(stream, RawHttp2.call("/"), false);
        caller.send(RawHttp2.RST_STREAM, 0, stream, CANCEL);
      }
      assertThat(goneAway(caller)).isEqualTo(ENHANCE_YOUR_CALM);
    }
  }

  @Test
  void moreRequestsAtATimeThanMayBeAreRefusedAndCountUntilTheirWorkEnds() throws Exception {
    try (RawHttp2 caller = connected()) {
      int next = 1;
      for (; next < 2 * Streams.STREAMS_MAX; next += 2) {
        caller.request(next, RawHttp2.call("/hold"), true);
        caller.send(RawHttp2.RST_STREAM, 0, next, CANCEL);
      }
      caller.request(next, RawHttp2.call("/"), true);
      Received refused = caller.await(RawHttp2.RST_STREAM).orElseThrow();
      assertThat(refused.stream()).isEqualTo(next);
      assertThat(refused.number(0)).isEqualTo(REFUSED_STREAM);
    }
  }

  @Test
  void aCallerWhoLeavesEndsTheWorkForHim() throws Exception {
    try (RawHttp2 caller = connected()) {
      caller.request(1, RawHttp2.call("/wait"), true);
      caller.request(3, RawHttp2.call("/wait"), true);
      caller.send(RawHttp2.RST_STREAM, 0, 1, CANCEL);
      assertThat(server.ended.tryAcquire(20, TimeUnit.SECONDS)).as("by a reset").isTrue();
      caller.request(5, RawHttp2.call("/"), true);
      assertThat(caller.answer()).as("others go on").hasSize(2);
    }
    assertThat(server.ended.tryAcquire(20, TimeUnit.SECONDS)).as("by hanging up").isTrue();
  }

  @Test
  void headerFieldsWithoutEndEndTheConnection() throws Exception {
    try (RawHttp2 caller = connected()) {
      caller.send(RawHttp2.HEADERS, 0, 1);
      for (int i = 0; i < 8; i++) {
        caller.send(RawHttp2.CONTINUATION, 0, 1);
      }
      assertThat(goneAway(caller)).isEqualTo(ENHANCE_YOUR_CALM);
    }
  }

  @Test
  void headerFieldsThatUnfoldWithoutEndEndTheConnection() throws Exception {
    byte[] value = new byte[3_000];
    ByteBuffer block = ByteBuffer.allocate(8_000);
    block.put((byte) 0x40).put((byte) 1).put((byte) 'x');
    block.put((byte) 0x7F).put((byte) (0x80 | ((value.length - 127) & 0x7F)));
    block.put((byte) ((value.length - 127) >> 7)).put(value);
    while (block.hasRemaining()) {
      block.put((byte) (0x80 | 62));
    }
    try (RawHttp2 caller = connected()) {
      caller.send(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1, block.array());
      assertThat(goneAway(caller)).isEqualTo(ENHANCE_YOUR_CALM);
    }
  }

  @Test
  void headerFieldsThatAreNoneEndTheConnection() throws Exception {
    try (RawHttp2 caller = connected()) {
      caller.send(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1, (byte) 0xFF, (byte) 0x7F);
      assertThat(goneAway(caller)).isEqualTo(COMPRESSION_ERROR);
    }
  }

  @Test
  void aFrameLongerThanMayBeIsNotWaitedFor() throws Exception {
    try (RawHttp2 caller = connected()) {
      caller.head((1 << 24) - 1, RawHttp2.DATA, 0, 1);
      assertThat(goneAway(caller)).isEqualTo(FRAME_SIZE_ERROR);
    }
  }

  @Test
  void framesWithoutContentEndTheConnection() throws Exception {
    try (RawHttp2 caller = connected()) {
      caller.request(1, RawHttp2.call("/hold"), false);
      for (int i = 0; i < 1_100; i++) {
        caller.send(RawHttp2.DATA, 0, 1);
      }
      assertThat(goneAway(caller)).isEqualTo(ENHANCE_YOUR_CALM);
    }
  }

  @Test
  void moreThanTheWindowEndsTheConnectionAndNothingIsKept() throws Exception {
    try (RawHttp2 caller = connected()) {
      caller.request(1, RawHttp2.call("/hold"), false);
      for (int i = 0; i < 17; i++) {
        caller.send(RawHttp2.DATA, 0, 1, new byte[16 << 10]);
      }
      assertThat(goneAway(caller)).isEqualTo(FLOW_CONTROL_ERROR);
    }
    server.released.countDown();
    for (int i = 0; i < 1_000 && server.stored.get() != 0; i++) {
      Thread.sleep(10);
    }
    assertThat(server.stored).hasValue(0);
  }

  @Test
  void whatThereIsNoRoomForIsSentAway() throws Exception {
    server.room = 1_000;
    try (RawHttp2 caller = connected()) {
      caller.request(1, RawHttp2.call("/hold"), false);
      caller.send(RawHttp2.DATA, 0, 1, new byte[1_001]);
      assertThat(caller.await(RawHttp2.RST_STREAM).orElseThrow().number(0))
          .isEqualTo(ENHANCE_YOUR_CALM);
    }
  }

  @Test
  void aWindowThatOverflowsOrMovesByNothingEndsTheConnection() throws Exception {
    for (int[] moved : new int[][] {{0, PROTOCOL_ERROR}, {0x7FFF_FFFF, FLOW_CONTROL_ERROR}}) {
      try (RawHttp2 caller = connected()) {
        caller.number(RawHttp2.WINDOW_UPDATE, 0, moved[0]);
        assertThat(goneAway(caller)).isEqualTo(moved[1]);
      }
    }
  }

  @Test
  void aFrameOfAStreamThatNeverBeganEndsTheConnection() throws Exception {
    for (int type : new int[] {RawHttp2.RST_STREAM, RawHttp2.WINDOW_UPDATE}) {
      try (RawHttp2 caller = connected()) {
        caller.number(type, 7, 1);
        assertThat(goneAway(caller)).isEqualTo(PROTOCOL_ERROR);
      }
    }
  }

  @Test
  void framesOfAStreamThatHasEndedAreOnTheirWayAndDoNoHarm() throws Exception {
    try (RawHttp2 caller = connected()) {
      caller.request(1, RawHttp2.call("/"), true);
      caller.answer();
      caller.number(RawHttp2.WINDOW_UPDATE, 1, 1);
      caller.send(RawHttp2.RST_STREAM, 0, 1, CANCEL);
      caller.send(RawHttp2.DATA, RawHttp2.END_STREAM, 1, new byte[10]);
      caller.request(3, RawHttp2.call("/"), true);
      assertThat(caller.answer()).hasSize(2);
    }
  }

  @Test
  void anAnswerGoesOnAsFarAsItsCallerTakesIt() throws Exception {
    try (RawHttp2 caller = connected()) {
      caller.request(1, RawHttp2.call("/long"), true);
      int got = 0;
      while (got < 200_000) {
        got += caller.await(RawHttp2.DATA).orElseThrow().payload().length;
        if (got == 65_535) {
          caller.number(RawHttp2.WINDOW_UPDATE, 0, 500_000);
          caller.number(RawHttp2.WINDOW_UPDATE, 1, 500_000);
        }
      }
      assertThat(got).isEqualTo(200_000);
    }
  }

  @Test
  void whoIsConnectedWhenTheServiceEndsIsToldAndLosesNoRequest() throws Exception {
    try (RawHttp2 caller = connected()) {
      caller.request(1, RawHttp2.call("/hold"), true);
      caller.request(3, RawHttp2.call("/"), true);
      caller.answer();
      server.connections.drain();
      assertThat(caller.await(RawHttp2.GOAWAY).orElseThrow().number(0)).isEqualTo(0x7FFF_FFFF);
      byte[] lastCall = caller.await(RawHttp2.PING).orElseThrow().payload();
      caller.request(5, RawHttp2.call("/hold"), true);
      caller.send(RawHttp2.PING, 1, 0, lastCall);
      assertThat(caller.await(RawHttp2.GOAWAY).orElseThrow().number(0)).isEqualTo(5);
      server.released.countDown();
      assertThat(caller.await(RawHttp2.DATA)).as("one was asked before").isPresent();
      assertThat(caller.await(RawHttp2.DATA)).as("one was on its way").isPresent();
      assertThat(caller.await(RawHttp2.PING)).as("then it ends").isEmpty();
    }
  }
}
