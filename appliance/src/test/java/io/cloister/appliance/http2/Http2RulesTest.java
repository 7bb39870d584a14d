package io.cloister.appliance.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.appliance.http2.RawHttp2.Received;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What RFC 9113 asks of requests and frames, and what costs more here than there. */
class Http2RulesTest {
  private static final int PROTOCOL_ERROR = 1;
  private static final int FLOW_CONTROL_ERROR = 3;
  private static final int STREAM_CLOSED = 5;
  private static final int ENHANCE_YOUR_CALM = 11;

  /** One too many, with the first SETTINGS. */
  private static final int FLOOD = 1_000;

  private RunningHttp2 server;

  @BeforeEach
  void start() {
    server = new RunningHttp2(Duration.ofMillis(200));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private interface Frames {
    void sendTo(RawHttp2 caller) throws IOException;
  }

  private int end(Frames frames) throws IOException {
    try (RawHttp2 caller = server.connected()) {
      frames.sendTo(caller);
      return caller.await(RawHttp2.GOAWAY).orElseThrow().number(4);
    }
  }

  @Test
  void framesThatMakeWorkAndHaveNoCauseEndTheConnection() throws Exception {
    Frames pings = caller -> caller.send(RawHttp2.PING, 0, 0, new byte[8]);
    Frames pongs = caller -> caller.send(RawHttp2.PING, 1, 0, new byte[8]);
    Frames settled = caller -> caller.send(RawHttp2.SETTINGS, 1, 0);
    Frames windows = caller -> caller.number(RawHttp2.WINDOW_UPDATE, 0, 1);
    Frames padding = caller -> caller.send(RawHttp2.DATA, 8, 1, (byte) 0);
    for (Frames each : List.of(pings, pongs, settled, windows, padding)) {
      int code =
          end(
              caller -> {
                caller.request(1, RawHttp2.call("/hold"), false);
                for (int i = 0; i < FLOOD; i++) {
                  each.sendTo(caller);
                }
              });
      assertThat(code).isEqualTo(ENHANCE_YOUR_CALM);
    }
  }

  @Test
  void framesToWhichAnswersGiveCauseAreWelcome() throws Exception {
    try (RawHttp2 caller = server.connected()) {
      for (int i = 0; i < FLOOD; i++) {
        caller.request(2 * i + 1, RawHttp2.call("/"), true);
        assertThat(caller.answer()).hasSize(2);
        caller.send(RawHttp2.PING, 0, 0, new byte[8]);
        caller.number(RawHttp2.WINDOW_UPDATE, 0, 4);
      }
    }
  }

  @Test
  void settingsThatMoveAWindowBeyondWhatMayBeEndTheConnection() throws Exception {
    byte[] largest = ByteBuffer.allocate(6).putShort((short) 4).putInt(Integer.MAX_VALUE).array();
    int code =
        end(
            caller -> {
              caller.request(1, RawHttp2.call("/hold"), true);
              caller.number(RawHttp2.WINDOW_UPDATE, 1, 1);
              caller.send(RawHttp2.SETTINGS, 0, 0, largest);
            });
    assertThat(code).isEqualTo(FLOW_CONTROL_ERROR);
  }

  @Test
  void aNumberThatWasUsedOrIsNoClientsEndsTheConnection() throws Exception {
    int again =
        end(
            caller -> {
              caller.request(3, RawHttp2.call("/"), true);
              caller.answer();
              caller.request(1, RawHttp2.call("/"), true);
            });
    assertThat(again).isEqualTo(PROTOCOL_ERROR);
    int even =
        end(
            caller -> {
              caller.request(3, RawHttp2.call("/"), true);
              caller.number(RawHttp2.RST_STREAM, 2, 8);
            });
    assertThat(even).isEqualTo(PROTOCOL_ERROR);
  }

  @Test
  void trailersWithAHeadOrAfterTheEndEndTheConnection() throws Exception {
    List<Field> trailers = List.of(new Field("x-sum", "1"));
    int head =
        end(
            caller -> {
              caller.request(1, RawHttp2.call("/hold"), false);
              caller.request(1, RawHttp2.call("/hold"), true);
            });
    assertThat(head).isEqualTo(PROTOCOL_ERROR);
    int late =
        end(
            caller -> {
              caller.request(1, RawHttp2.call("/hold"), true);
              caller.request(1, trailers, true);
            });
    assertThat(late).isEqualTo(STREAM_CLOSED);
    server.released.countDown();
    try (RawHttp2 caller = server.connected()) {
      caller.request(1, RawHttp2.call("/read"), false);
      caller.request(1, trailers, true);
      assertThat(caller.answer()).as("trailers mean nothing").hasSize(2);
    }
  }

  private Received reset(Frames frames) throws IOException {
    try (RawHttp2 caller = server.connected()) {
      frames.sendTo(caller);
      return caller.await(RawHttp2.RST_STREAM).orElseThrow();
    }
  }

  @Test
  void aBodyThatIsNotAsLongAsAnnouncedIsSentAway() throws Exception {
    List<Field> five = RawHttp2.call("/hold", new Field("content-length", "5"));
    Frames none = caller -> caller.request(1, five, true);
    Frames fewer =
        caller -> {
          caller.request(1, five, false);
          caller.send(RawHttp2.DATA, RawHttp2.END_STREAM, 1, new byte[4]);
        };
    Frames more =
        caller -> {
          caller.request(1, five, false);
          caller.send(RawHttp2.DATA, 0, 1, new byte[6]);
        };
    for (Frames each : List.of(none, fewer, more)) {
      assertThat(reset(each).number(0)).isEqualTo(PROTOCOL_ERROR);
    }
  }

  @Test
  void headsThatAreMalformedAreSentAway() throws Exception {
    for (Field bad :
        List.of(
            new Field("content-length", "+5"),
            new Field("te", "gzip"),
            new Field("x", " padded"),
            new Field("x", "padded\t"),
            new Field("connection", "close"),
            new Field("X", "upper"),
            new Field(":path", "/twice"))) {
      Received sentAway = reset(caller -> caller.request(1, RawHttp2.call("/", bad), true));
      assertThat(sentAway.number(0)).as(bad.toString()).isEqualTo(PROTOCOL_ERROR);
    }
  }

  @Test
  void aBodyInVeryManyPiecesIsReadAsItWasSent() throws Exception {
    byte[] body = new byte[20_000];
    try (RawHttp2 caller = server.connected()) {
      caller.request(1, RawHttp2.call("/read"), false);
      for (int i = 0; i < 10_000; i++) {
        body[i] = (byte) i;
        caller.send(RawHttp2.DATA, 0, 1, body[i]);
      }
      caller.send(RawHttp2.DATA, RawHttp2.END_STREAM, 1, new byte[10_000]);
      server.released.countDown();
      ByteBuffer got = ByteBuffer.allocate(body.length);
      while (got.hasRemaining()) {
        got.put(caller.await(RawHttp2.DATA).orElseThrow().payload());
      }
      assertThat(got.array()).isEqualTo(body);
    }
    assertThat(server.stored).hasValue(0);
  }

  @Test
  void whoTakesAnAnswerByteByByteIsNotWaitedForWithoutEnd() throws Exception {
    try (RawHttp2 caller = server.connected()) {
      caller.request(1, RawHttp2.call("/long"), true);
      Thread drip =
          Thread.startVirtualThread(
              () -> {
                try {
                  while (true) {
                    caller.number(RawHttp2.WINDOW_UPDATE, 0, 1);
                    caller.number(RawHttp2.WINDOW_UPDATE, 1, 1);
                    Thread.sleep(50);
                  }
                } catch (IOException | InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      assertThat(caller.await(RawHttp2.RST_STREAM)).isPresent();
      drip.interrupt();
    }
  }

  @Test
  void aBodyThatComesAfterTheLastCallEndsNoOtherRequest() throws Exception {
    try (RawHttp2 caller = server.connected()) {
      caller.request(1, RawHttp2.call("/hold"), true);
      caller.send(RawHttp2.PING, 0, 0, new byte[8]);
      caller.await(RawHttp2.PING);
      server.connections.drain();
      byte[] lastCall = caller.await(RawHttp2.PING).orElseThrow().payload();
      caller.send(RawHttp2.PING, 1, 0, lastCall);
      caller.request(3, RawHttp2.call("/"), false);
      caller.send(RawHttp2.DATA, RawHttp2.END_STREAM, 3, new byte[10]);
      caller.send(RawHttp2.PING, 0, 0, new byte[8]);
      assertThat(caller.await(RawHttp2.PING)).isPresent();
      server.released.countDown();
      assertThat(caller.await(RawHttp2.DATA).map(Received::stream)).isEqualTo(Optional.of(1));
    }
  }

  @Test
  void aCallerWhoWaitsForAnAnswerIsWorkedForAndOneWhoIsWaitedForIsNot() throws Exception {
    server.released.countDown();
    try (RawHttp2 caller = server.connected()) {
      caller.request(1, RawHttp2.call("/read"), false);
      caller.send(RawHttp2.PING, 0, 0, new byte[8]);
      caller.await(RawHttp2.PING);
      awaitWorks(caller, false);
      caller.request(3, RawHttp2.call("/wait"), true);
      awaitWorks(caller, true);
      caller.number(RawHttp2.RST_STREAM, 3, 8);
      awaitWorks(caller, false);
    }
  }

  private void awaitWorks(RawHttp2 caller, boolean expected) throws InterruptedException {
    for (int i = 0; i < 1_000 && server.connections.works(caller.address()) != expected; i++) {
      Thread.sleep(10);
    }
    assertThat(server.connections.works(caller.address())).isEqualTo(expected);
  }
}
