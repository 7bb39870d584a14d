package io.cloister.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to a connection before a request is read. */
class ListenerTest {
  /** More than the listener takes at a time. */
  private static final int CROWD = 1100;

  @TempDir Path folder;

  private RunningAppliance started() throws Exception {
    return new RunningAppliance(new InstalledRoot(folder));
  }

  private static int status(RunningAppliance appliance) throws Exception {
    return appliance.send(appliance.request(appliance.inference("/v2/health/live"))).statusCode();
  }

  @Test
  void aCrowdThatSaysNothingKeepsNobodyOut() throws Exception {
    try (RunningAppliance appliance = started()) {
      URI inference = appliance.inference("/");
      List<Socket> crowd = new ArrayList<>();
      for (int i = 0; i < CROWD; i++) {
        crowd.add(new Socket(inference.getHost(), inference.getPort()));
      }
      assertThat(status(appliance)).isEqualTo(200);
      for (Socket each : crowd) {
        each.close();
      }
    }
  }

  @Test
  void whoSpeaksHttp11IsNotTalkedIntoHttp2() throws Exception {
    try (RunningAppliance appliance = started()) {
      assertThat(appliance.negotiated("h2", "http/1.1")).isEqualTo("http/1.1");
      assertThat(appliance.negotiated("http/1.1")).isEqualTo("http/1.1");
      assertThat(appliance.negotiated()).isEmpty();
    }
  }

  @Test
  void aBodyThatNobodyAskedForIsNoRequestOfItsOwn() throws Exception {
    String hidden = "GET /openapi.json HTTP/1.1\r\nHost: hidden\r\n\r\n";
    String framing = "Expect: 100-continue\r\nContent-Length: " + hidden.length();
    try (RunningAppliance appliance = started()) {
      for (String line :
          List.of("POST /none", "POST /v2/models/none/infer", "GET /v2/health/live")) {
        assertThat(appliance.raw(line + " HTTP/1.1", framing, hidden))
            .as(line)
            .startsWith("HTTP/1.1 100 Continue\r\n")
            .endsWith("{\"live\":true}")
            .doesNotContain("openapi");
      }
    }
  }

  @Test
  void whoSaysCloseAmongOtherThingsGetsOneAnswer() throws Exception {
    String framing = "Connection: TE, Close\r\nContent-Length: 2";
    try (RunningAppliance appliance = started()) {
      assertThat(appliance.raw("POST /v2/models/none/infer HTTP/1.1", framing, "{}"))
          .startsWith("HTTP/1.1 400")
          .containsOnlyOnce("HTTP/1.1");
    }
  }

  @Test
  void answersWithoutTlsWhereTheSettingsSaySo() throws Exception {
    InstalledRoot root = new InstalledRoot(folder);
    root.withoutTls();
    try (RunningAppliance appliance = new RunningAppliance(root)) {
      assertThat(appliance.inference("/").getScheme()).isEqualTo("http");
      assertThat(status(appliance)).isEqualTo(200);
      assertThat(appliance.get(appliance.inference("/v2")).statusCode()).isEqualTo(200);
      assertThat(appliance.get(appliance.console("/metrics")).statusCode()).isEqualTo(200);
    }
  }
}
