package io.cloister.installer;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.installer.host.HostPaths;
import io.cloister.installer.host.Listener;
import io.cloister.installer.stage.SettingsFile;
import io.cloister.installer.testing.CloisterProcess;
import io.cloister.installer.testing.FakeRelease;
import io.cloister.installer.testing.Operator;
import io.cloister.installer.testing.Operator.Seen;
import io.cloister.installer.testing.PseudoTerminal;
import io.cloister.installer.testing.TestMedium;
import io.cloister.repo.content.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A person with a medium and a letter at a terminal. */
final class WizardTest {
  @TempDir Path scratch;
  private Path root;
  private Path medium;
  private Operator operator;
  private String digits;
  private String inference;
  private String console;

  @BeforeEach
  void aMediumAndALetter() throws Exception {
    root = scratch.resolve("host");
    operator = Operator.at(root);
    Path release = FakeRelease.write(scratch.resolve("release"), "0.1.0");
    var vendor =
        new TestMedium(scratch.resolve("vendor")).add(Kind.RUNTIME, "linux-x64", "0.1.0", release);
    medium = vendor.folder();
    digits = vendor.anchor().substring("sha256:".length());
    List<String> ports = Operator.ports();
    inference = ports.get(1);
    console = ports.get(3);
  }

  @AfterEach
  void nothingKeepsRunning() {
    operator.types("stop");
  }

  private Seen answers(List<String> answers, String... more) {
    List<String> line = new ArrayList<>(List.of("install", medium.toString()));
    line.addAll(List.of(more));
    return operator.answers(answers, line.toArray(String[]::new));
  }

  @Test
  void aPersonWhoErrsIsLedFromTheLetterToAServingRelease() {
    Path token = scratch.resolve("token");
    List<String> typed =
        List.of(
            "what?",
            digits.substring(0, 8),
            "0000 0000 0000 0000",
            " SHA256: "
                + digits.substring(0, 4).toUpperCase(java.util.Locale.ROOT)
                + " "
                + digits.substring(4, 20),
            "I think so",
            "yes",
            "8443",
            inference,
            inference,
            "127.0.0.1:99999",
            console,
            "token",
            "/nowhere/token",
            token.toString(),
            "go",
            "y");
    Seen seen = answers(typed);
    assertThat(seen.err()).isEmpty();
    assertThat(seen.exit()).isZero();
    assertThat(seen.out())
        .contains("Only 0 to 9 and a to f", "Those are 8 digits", "  0000 0000 0000 0000")
        .contains("not ADDR:PORT: 8443", "the other listener", "a port is 1 to 65535, not 99999")
        .contains("A path begins with /", "/nowhere/token is there already, or its folder")
        .contains("write   runtime-linux-x64-0.1.0", "release 0.1.0 serves", "clst_first");
    assertThat(token).hasContent("clst_first\n");
    assertThat(SettingsFile.find(new HostPaths(root)))
        .contains(new SettingsFile(Listener.parse(inference), Listener.parse(console)));
  }

  @Test
  void whoeverEndsAQuestionHasChangedNothing() {
    List<String> typed = List.of(digits.substring(0, 16), "yes", inference, console, "");
    for (int i = 0; i <= typed.size(); i++) {
      Seen seen = answers(typed.subList(0, i));
      assertThat(seen.exit()).as("after %d answers", i).isEqualTo(2);
      assertThat(seen.err())
          .contains("[USAGE-STOPPED]", "nothing on this machine was changed", "to begin again");
      assertThat(root).doesNotExist();
    }
    Seen no = answers(List.of(digits, inference, console, "", "no"));
    assertThat(no.exit()).isEqualTo(2);
    assertThat(root).doesNotExist();
  }

  @Test
  void theMediumsDigitsAreNotShownBeforeThoseOfTheLetterAreTyped() {
    String other = "0123456789abcdef";
    Seen seen = answers(List.of(other, other, other));
    assertThat(seen.exit()).isEqualTo(3);
    assertThat(seen.out()).doesNotContain(digits.substring(0, 4) + " " + digits.substring(4, 8));
    assertThat(seen.err()).contains("[TRUST-ROOT-DIGEST]", "sha256 " + other, "sha256 " + digits);
    assertThat(root).doesNotExist();
  }

  @Test
  void firstDigitsAreNotEnoughWhereTheRestDiffersFromTheLetter() {
    Seen seen = answers(List.of(digits.substring(0, 16), "no"));
    assertThat(seen.exit()).isEqualTo(3);
    assertThat(seen.err()).contains("[TRUST-ROOT-DIGEST]");
  }

  @Test
  void whatTheCommandLineSaysIsNotAsked() {
    Path token = scratch.resolve("token");
    Seen seen =
        answers(
            List.of(digits, "yes"),
            "--inference",
            inference,
            "--console",
            console,
            "--token-file",
            token.toString());
    assertThat(seen.exit()).isZero();
    assertThat(token).exists();
    operator.types("uninstall");
    Seen whole =
        answers(
            List.of(),
            "--trusted-root",
            "sha256:" + digits,
            "--inference",
            inference,
            "--console",
            console);
    assertThat(whole.exit()).as("a trusted root given: nothing is asked").isZero();
    assertThat(whole.out()).doesNotContain("letter");
  }

  @Test
  void aDryRunShowsThePlanAndEndsThere() {
    Seen seen = answers(List.of(digits, inference, console, ""), "--dry-run");
    assertThat(seen.exit()).isZero();
    assertThat(seen.out()).contains("write   runtime-linux-x64-0.1.0", "nothing was done\n");
    assertThat(root).doesNotExist();
  }

  @Test
  void aProgramIsRefusedAsBefore() {
    Seen json = answers(List.of(digits), "--json");
    assertThat(json.exit()).isEqualTo(3);
    assertThat(json.out()).contains("TRUST-NO-ROOT").doesNotContain("letter:");
  }

  @Test
  void theListenersOfTheSiteAreNotAskedAgain() throws Exception {
    new SettingsFile(Listener.parse(inference), Listener.parse(console)).write(new HostPaths(root));
    Seen seen = answers(List.of(digits, ""));
    assertThat(seen.out()).contains("cloister.yaml already", inference, "Install? [yes/no]");
    assertThat(seen.exit()).isEqualTo(2);
  }

  @Test
  void noLineIsTooLongForASerialConsole() {
    Seen seen = answers(List.of(digits.substring(0, 16), "yes", "x", inference, console, ""));
    assertThat(seen.out().lines().filter(line -> !line.contains(scratch.toString())))
        .allSatisfy(line -> assertThat(line).hasSizeLessThan(80));
  }

  @ParameterizedTest
  @CsvSource({"vt100, 80", "vt100, 0", "dumb, 80"})
  void onARealTerminalItEndsWellAndBothKeysThatStopStopIt(String type, int columns)
      throws Exception {
    var process = new CloisterProcess(operator);
    String[] words = {"install", medium.toString(), "--console", console};
    try (PseudoTerminal stopped = process.onATerminal(type, columns, words)) {
      stopped.answers("digits in the letter:", digits.substring(0, 3) + "\u0003");
      assertThat(stopped.status()).as(stopped.text()).isEqualTo(2);
      assertThat(stopped.text()).contains("[USAGE-STOPPED]");
    }
    assertThat(root).doesNotExist();
    try (PseudoTerminal ended = process.onATerminal(type, columns, words)) {
      ended.answers("digits in the letter:", digits + "\r").answers("[0.0.0.0:8443]:", "\u0004");
      assertThat(ended.status()).as(ended.text()).isEqualTo(2);
      assertThat(ended.text()).contains("[USAGE-STOPPED]");
    }
    assertThat(root).doesNotExist();
    try (PseudoTerminal person = process.onATerminal(type, columns, words)) {
      person
          .answers("digits in the letter:", digits.substring(0, 16) + "x\u007f\r")
          .answers("[yes/no]", "yes\r")
          .answers("[0.0.0.0:8443]:", inference + "\r")
          .answers("[none]:", "\r")
          .answers("Install? [yes/no]", "yes\r");
      assertThat(person.status()).as(person.text()).isZero();
      assertThat(person.text()).contains("install: done", "clst_first");
    }
  }
}
