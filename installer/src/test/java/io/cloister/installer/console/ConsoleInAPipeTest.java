package io.cloister.installer.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ConsoleInAPipeTest {
  private final FakeProcess process = FakeProcess.inAPipe();

  @Test
  void aStepIsALineAtItsStartAndEndAndOneEveryFiveSecondsBetween() {
    try (Console console = process.console();
        Step step = console.step("copy runtime 0.1.0", 55_000_000)) {
      step.doing("lib/modules");
      for (int second = 0; second < 11; second++) {
        process.passes(Duration.ofSeconds(1));
        step.advance(5_000_000);
      }
      step.done();
    }
    assertThat(process.out().lines())
        .containsExactly(
            "copy runtime 0.1.0 (55.0 MB)",
            "copy runtime 0.1.0: 25.0 MB of 55.0 MB, 0:06 left, lib/modules",
            "copy runtime 0.1.0: 50.0 MB of 55.0 MB, 0:01 left, lib/modules",
            "copy runtime 0.1.0: done, 55.0 MB in 0:11");
  }

  @Test
  void aStepWithoutBytesSaysItsPartOnly() {
    try (Console console = process.console();
        Step step = console.step("tune digits")) {
      process.passes(Duration.ofSeconds(6));
      step.doing("candidate 2 of 6: 8 rows together");
      step.done();
    }
    assertThat(process.out().lines())
        .containsExactly(
            "tune digits",
            "tune digits: candidate 2 of 6: 8 rows together",
            "tune digits: done in 0:06");
  }

  @Test
  void aProblemIsPrintedInItsExactFormOnTheStandardError() {
    try (Console console = process.console()) {
      console.problem(ConsoleOnATerminalTest.problem);
    }
    assertThat(process.out()).isEmpty();
    assertThat(process.err())
        .isEqualTo(ConsoleOnATerminalTest.problem.text())
        .isEqualTo(
            """
            error: a file cannot be read  [MEDIA-UNREADABLE]
              file      blobs/sha256/ab\uFFFD[2J/\uFFFDgnp.exe
              why       input/output error
              state     nothing on this machine was changed
              next      try another drive, then run: cloister verify /media/usb0
            """);
  }

  @Test
  void ofThousandsOfProblemsTheFirstAreShownAndTheOthersCounted() {
    try (Console console = process.console()) {
      console.problems(ConsoleOnATerminalTest.manyProblems());
    }
    assertThat(process.out()).isEmpty();
    assertThat(process.err())
        .isEqualTo(
            ConsoleOnATerminalTest.problem.text().repeat(20)
                + "and 4982 more: 2 of MEDIA-MISSING, 4980 of MEDIA-UNREADABLE;"
                + " --json prints them all\n");
  }

  @Test
  void tablesAreAlignedByWhatIsSeen() {
    Table table =
        new Table(
            List.of("MODEL", "VERSION", "STATE"),
            List.of(
                List.of("all-minilm-l6-v2", "1.0.0", "ready"), List.of("検索", "12.0.0", "loading")));
    assertThat(table.text())
        .isEqualTo(
            """
            MODEL             VERSION  STATE
            all-minilm-l6-v2  1.0.0    ready
            検索              12.0.0   loading
            """);
  }

  @Test
  void anotherEncodingThanUtf8GetsAscii() {
    process.inAscii();
    try (Console console = process.console()) {
      console.say("glibc ≥ 2.17 … “now” — naïve 検 §5.4");
    }
    assertThat(process.out()).isEqualTo("glibc >= 2.17 ... \"now\" - na?ve ? sec. 5.4\n");
  }

  @Test
  void aReaderThatGoesAwayDoesNotStopTheWorkAndIsRemembered() {
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    try (Console console = process.console(false, closed);
        Step step = console.step("copy", 10)) {
      step.advance(10);
      step.done();
      assertThat(console.outputLost()).isTrue();
    }
  }

  @Test
  void jlineIsNotStartedInAPipe() throws Exception {
    ProcessBuilder java =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xlog:class+load:stdout",
            "-cp",
            System.getProperty("java.class.path"),
            PipeMain.class.getName());
    Process child = java.redirectErrorStream(true).start();
    String printed = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(child.waitFor()).isZero();
    assertThat(printed).contains("copy: done").contains("PlainPrinter").doesNotContain("org.jline");
  }

  @Test
  void amountsAndTimesReadAsAPersonWritesThem() {
    assertThat(Amounts.bytes(999)).isEqualTo("999 B");
    assertThat(Amounts.bytes(999_999)).isEqualTo("1.0 MB");
    assertThat(Amounts.bytes(55_049_999)).isEqualTo("55.0 MB");
    assertThat(Amounts.bytes(Long.MAX_VALUE)).isEqualTo("9.2 EB");
    assertThat(Amounts.time(Duration.ofSeconds(3723))).isEqualTo("1:02:03");
    assertThat(Amounts.time(Duration.ofSeconds(67))).isEqualTo("1:07");
  }
}
