package io.cloister.installer.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.cloister.repo.ExitCode;
import io.cloister.repo.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ConsoleOnATerminalTest {
  static final Problem problem =
      new Problem(
          "MEDIA-UNREADABLE",
          ExitCode.MEDIA_FAULT,
          "a file cannot be read",
          List.of(new Problem.Evidence("file", "blobs/sha256/ab\u001b[2J/\u202egnp.exe")),
          "input/output error",
          "nothing on this machine was changed",
          "try another drive, then run: cloister verify /media/usb0");

  private final FakeProcess process = FakeProcess.onATerminal();

  /** A stick that was pulled out. */
  static List<Problem> manyProblems() {
    Problem other =
        new Problem(
            "MEDIA-MISSING", ExitCode.MEDIA_FAULT, "a file is missing", List.of(), "w", "s", "n");
    List<Problem> many = new ArrayList<>(Collections.nCopies(5000, problem));
    many.addAll(Collections.nCopies(2, other));
    return many;
  }

  private void copyHalf(Step step) {
    step.doing("lib/modules");
    process.passes(Duration.ofSeconds(2));
    step.advance(27_500_000);
  }

  @Test
  void aBarRedrawsOneLineWithAmountRateTimeLeftAndThePartInHand() {
    process.columns = 120;
    try (Console console = process.console();
        Step step = console.step("copy runtime 0.1.0", 55_000_000)) {
      copyHalf(step);
      assertThat(Glass.showing(process.out(), 119))
          .containsExactly(
              "copy runtime 0.1.0  [████████████░░░░░░░░░░░░]   50 %  27.5 MB of 55.0 MB  "
                  + "  13.8 MB/s  0:02 left    lib/modules");
      step.done();
    }
    assertThat(Glass.showing(process.out(), 119))
        .containsExactly("copy runtime 0.1.0: done, 27.5 MB in 0:02", "");
  }

  @Test
  void aQuestionTakesTheLineOfTheBar() {
    try (Console console = process.console();
        Step step = console.step("copy runtime 0.1.0", 55_000_000)) {
      copyHalf(step);
      console.ask("where is 100 % of volume 2?");
      assertThat(Glass.showing(process.out(), 79)).containsExactly("");
      assertThat(process.asked()).contains("where is 100 % of volume 2? ");
    }
  }

  @Test
  void itFitsEveryWidthAndNeverWritesTheLastColumn() {
    for (int columns : new int[] {20, 24, 40, 60, 80, 132, 300}) {
      FakeProcess narrow = FakeProcess.onATerminal();
      narrow.columns = columns;
      try (Console console = narrow.console();
          Step step = console.step("copy", 1_000_000)) {
        narrow.passes(Duration.ofSeconds(1));
        step.advance(500_000);
        assertThat(Glass.showing(narrow.out(), columns - 1)).hasSize(1);
      }
    }
  }

  @Test
  void aSerialConsoleThatSaysItIsZeroByZeroGetsEightyColumns() {
    process.columns = 0;
    try (Console console = process.console();
        Step step = console.step("copy runtime 0.1.0", 55_000_000)) {
      copyHalf(step);
      assertThat(Glass.showing(process.out(), 79)).hasSize(1);
    }
  }

  @Test
  void aStepWithoutBytesShowsItsPartOnly() {
    try (Console console = process.console();
        Step step = console.step("tune digits")) {
      process.passes(Duration.ofSeconds(6));
      step.doing("candidate 2 of 6: 8 rows together");
      assertThat(Glass.showing(process.out(), 79))
          .containsExactly("tune digits  candidate 2 of 6: 8 rows together");
    }
  }

  @Test
  void aTerminalThatCannotRedrawGetsLines() {
    process.with("TERM", "dumb");
    try (Console console = process.console();
        Step step = console.step("copy", 1000)) {
      step.advance(1000);
      step.done();
    }
    assertThat(process.out()).isEqualTo("copy (1.0 kB)\ncopy: done, 1.0 kB in 0:00\n");
  }

  @Test
  void itDrawsAtMostFourTimesASecond() {
    try (Console console = process.console();
        Step step = console.step("copy", 1_000_000)) {
      for (int i = 0; i < 1000; i++) {
        process.passes(Duration.ofMillis(1));
        step.advance(1000);
      }
    }
    assertThat(process.out().chars().filter(c -> c == '\r').count()).isLessThanOrEqualTo(6);
  }

  @Test
  void wordsAndProblemsTakeTheLineOfTheBar() {
    try (Console console = process.console();
        Step step = console.step("copy", 1_000_000)) {
      step.doing("model.onnx");
      console.say("the medium is slow");
      assertThat(Glass.showing(process.out(), 79)).containsExactly("the medium is slow", "");
    }
  }

  @Test
  void aStepThatEndsBadlySaysSo() {
    try (Console console = process.console();
        Step step = console.step("copy", 1_000_000)) {
      step.advance(10);
    }
    assertThat(Glass.showing(process.out(), 79)).containsExactly("copy: failed, 10 B in 0:00", "");
  }

  @Test
  void theWordErrorIsRedUnlessNoColorIsSet() {
    try (Console console = process.console()) {
      console.problem(problem);
    }
    assertThat(process.err()).startsWith("\u001b[1;31merror:\u001b[0m a file");
    FakeProcess plain = FakeProcess.onATerminal().with("NO_COLOR", "1");
    try (Console console = plain.console()) {
      console.problem(problem);
    }
    assertThat(plain.err()).isEqualTo(problem.text()).doesNotContain("\u001b");
  }

  @Test
  void ofThousandsOfProblemsTwentyAreShown() {
    try (Console console = process.console()) {
      console.problems(manyProblems());
    }
    assertThat(process.err().split("error:", -1)).hasSize(21);
    assertThat(process.err()).contains("and 4982 more: ");
  }

  @Test
  void dataNeverWritesControlCharacters() {
    String hostile = "a\u001b]0;owned\u0007\u009b2J\r\u202e\u2066\u007f";
    FakeProcess plain = FakeProcess.onATerminal().with("NO_COLOR", "1");
    try (Console console = plain.console();
        Step step = console.step(hostile, 10)) {
      step.doing(hostile);
      plain.passes(Duration.ofSeconds(1));
      step.advance(1);
      console.say(hostile);
      console.table(new Table(List.of("NAME"), List.of(List.of(hostile + "\nforged"))));
      console.result(JsonNodeFactory.instance.objectNode(), hostile);
    }
    // Our own carriage returns and newlines are all that is left.
    assertThat(plain.out().chars())
        .allMatch(c -> c == '\r' || c == '\n' || !Character.isISOControl(c));
    assertThat(plain.out()).doesNotContain("\u202e", "\u2066").contains("\uFFFDforged");
  }

  @Test
  void aPersonIsAskedAndOnlyYesIsYes() {
    assertThat(FakeProcess.onATerminal().typing("yes\n").console().confirm("Remove it?")).isTrue();
    assertThat(FakeProcess.onATerminal().typing("Y\n").console().confirm("Remove it?")).isTrue();
    assertThat(FakeProcess.onATerminal().typing("\n").console().confirm("Remove it?")).isFalse();
    assertThat(FakeProcess.onATerminal().typing("").console().confirm("Remove it?")).isFalse();
    assertThat(FakeProcess.inAPipe().typing("yes\n").console().confirm("Remove it?")).isFalse();
  }

  @Test
  void aDumbTerminalIsAskedLineByLineAndItsEndEndsTheQuestion() {
    process.with("TERM", "dumb").typing("one\ntwo\nlast");
    Console console = process.console();
    assertThat(console.ask("Name?")).contains("one");
    assertThat(console.ask("Name?")).contains("two");
    assertThat(console.ask("Name?")).contains("last");
    assertThat(console.ask("Name?")).isEmpty();
    assertThat(process.out()).isEqualTo("Name? Name? Name? Name? \n");
  }

  @Test
  void aLineIsEditedWhereTheTerminalCanRedraw() {
    process.typing("10.0.0.2\u0002\u0002.1\u007f\u007f\rnext\r");
    Console console = process.console();
    assertThat(console.ask("Address?")).contains("10.0.0.2");
    assertThat(console.ask("Address?")).contains("next");
    assertThat(console.ask("Address?")).as("after Ctrl-D").isEmpty();
  }
}
