package io.cloister.appliance.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.appliance.config.Documents;
import io.cloister.appliance.http.RequestDefect;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class JsonLogTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final JsonLog log = new JsonLog(new PrintStream(written, true, StandardCharsets.UTF_8));

  private JsonNode line() throws Exception {
    return Documents.parseJson(written.toByteArray());
  }

  @Test
  void whatTurnsATerminalsTextAroundOrWritesOverItIsEscapedInMessagesAndEvents() throws Exception {
    String hostile = "a\u202Eb\u009B2Jc\u007Fd\u001Be\né";
    log.publish(new LogRecord(Level.WARNING, hostile));
    assertThat(line().path("message").asText()).isEqualTo(hostile);
    log.event("odd", json -> json.writeStringField(hostile, hostile));
    assertThat(written.toString(StandardCharsets.UTF_8).lines()).hasSize(2);
    assertThat(written.toString(StandardCharsets.UTF_8)).matches("[ -~\n]+");
  }

  @Test
  void whatAPartSaysWhileTheProcessStopsIsHeard() throws Exception {
    String java = ProcessHandle.current().info().command().orElseThrow();
    Process stopping =
        new ProcessBuilder(
                java, "-cp", System.getProperty("java.class.path"), LastWords.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    written.writeBytes(stopping.getInputStream().readAllBytes());
    assertThat(line().path("message").asText()).isEqualTo(LastWords.SAID);
  }

  @Test
  void aDefectIsToldUnderItsRequestsIdWhichIsInNoMessage() throws Exception {
    LogRecord record = new LogRecord(Level.SEVERE, "a request ended in a defect");
    record.setThrown(new RequestDefect("caller's own", new IllegalStateException("odd")));
    log.publish(record);
    assertThat(line().path("request_id").asText()).isEqualTo("caller's own");
    assertThat(line().path("message").asText()).doesNotContain("caller");
    assertThat(line().path("exception").asText())
        .doesNotContain("caller")
        .contains("IllegalStateException: odd", "JsonLogTest.java");
  }
}
