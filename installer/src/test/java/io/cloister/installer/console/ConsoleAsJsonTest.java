package io.cloister.installer.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ConsoleAsJsonTest {
  // A terminal, to show that --json wins.
  private final FakeProcess process = FakeProcess.onATerminal();

  @Test
  void everyEventIsOneObjectOnOneLineAndNothingElseIsWritten() throws Exception {
    try (Console console = process.jsonConsole();
        Step step = console.step("copy", 100)) {
      step.doing("a\n\u001b[2J\u202e\u009b");
      process.passes(Duration.ofSeconds(2));
      step.advance(40);
      step.advance(60);
      step.done();
      console.say("for persons");
      console.table(new Table(List.of("FOR"), List.of(List.of("persons"))));
      console.result(JsonNodeFactory.instance.objectNode().put("ready", true), "ready");
      console.problem(ConsoleOnATerminalTest.problem);
      assertThat(console.confirm("Really?")).isFalse();
    }
    assertThat(process.err()).isEmpty();
    assertThat(process.out().chars()).allMatch(c -> c == '\n' || (c >= ' ' && c < 127));
    ObjectMapper json = new ObjectMapper();
    List<String> lines = process.out().lines().toList();
    assertThat(lines)
        .containsExactly(
            "{\"event\":\"step\",\"step\":\"copy\",\"state\":\"started\",\"bytes_total\":100}",
            "{\"event\":\"progress\",\"step\":\"copy\",\"bytes\":0,\"bytes_total\":100,"
                + "\"bytes_per_second\":0,\"doing\":\"a\\n\\u001B[2J\\u202E\\u009B\"}",
            "{\"event\":\"progress\",\"step\":\"copy\",\"bytes\":40,\"bytes_total\":100,"
                + "\"bytes_per_second\":20,\"doing\":\"a\\n\\u001B[2J\\u202E\\u009B\"}",
            "{\"event\":\"step\",\"step\":\"copy\",\"state\":\"done\",\"bytes\":100,"
                + "\"milliseconds\":2000}",
            "{\"event\":\"result\",\"result\":{\"ready\":true}}",
            lines.getLast());
    JsonNode last = json.readTree(lines.getLast());
    assertThat(last.path("event").asText()).isEqualTo("problem");
    assertThat(last.path("code").asText()).isEqualTo("MEDIA-UNREADABLE");
    assertThat(last.path("exit").asInt()).isEqualTo(5);
    assertThat(last.path("evidence").path(0).path("label").asText()).isEqualTo("file");
    assertThat(last.path("next").asText()).contains("cloister verify");
  }

  @Test
  void everyProblemOfThousandsIsWritten() {
    try (Console console = process.jsonConsole()) {
      console.problems(ConsoleOnATerminalTest.manyProblems());
    }
    assertThat(process.out().lines()).hasSize(5002).allMatch(line -> line.contains("problem"));
  }
}
