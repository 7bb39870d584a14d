package io.cloister.installer;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.installer.testing.FakeRelease;
import io.cloister.installer.testing.Operator;
import io.cloister.installer.testing.Operator.Seen;
import io.cloister.installer.testing.TestMedium;
import io.cloister.repo.content.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a site allows itself, and what is written down about it. */
final class PolicyTest {
  @TempDir Path scratch;
  private Operator operator;
  private TestMedium medium;

  @BeforeEach
  void aMedium() throws Exception {
    operator = Operator.at(scratch.resolve("host"));
    medium =
        new TestMedium(scratch.resolve("medium"))
            .add(
                Kind.RUNTIME,
                "linux-x64",
                "0.1.0",
                FakeRelease.write(scratch.resolve("release"), "0.1.0"))
            .add(Kind.MODEL, "digits", "1.0.0", FakeRelease.model(scratch.resolve("m"), "first"));
  }

  @AfterEach
  void nothingKeepsRunning() {
    operator.types("stop");
  }

  private Operator yearsLater() {
    Instant late = operator.now().plus(Duration.ofDays(380));
    return new Operator(operator.root(), operator.machine(), late);
  }

  @Test
  void anExpiredMediumIsInstalledWithinTheBudgetOnlyAndWrittenDown() throws Exception {
    Operator late = yearsLater();
    Seen refused = late.installs(medium.folder(), medium.anchor());
    assertThat(refused.exit()).isEqualTo(3);
    assertThat(refused.err()).contains("[TRUST-EXPIRED]", "signed", "this machine's clock");

    Seen set = late.types("policy", "set", "--staleness-days", "60");
    assertThat(set.exit()).isZero();
    assertThat(set.out()).contains("60 days", "1 lines, whole");
    Seen installed = late.installs(medium.folder(), medium.anchor());
    assertThat(installed.exit()).as(installed.err()).isZero();
    assertThat(installed.out() + installed.err())
        .contains("warning: timestamp metadata has expired");
    Seen shown = late.types("policy", "show");
    assertThat(shown.out()).contains("2 lines, whole", "medium_accepted", "\"role\":\"timestamp\"");

    assertThat(late.types("uninstall").exit()).isZero();
    try (Stream<Path> left = Files.walk(operator.root())) {
      assertThat(left.filter(Files::isRegularFile)).isEmpty();
    }
  }

  @Test
  void aBudgetBeyondAYearIsAMistakeInTheCommand() {
    Seen seen = operator.types("policy", "set", "--staleness-days", "4000");
    assertThat(seen.exit()).isEqualTo(2);
    assertThat(seen.err()).contains("0 to 366", "4000");
    assertThat(operator.types("policy", "show").out())
        .contains("0 days", "not required", "0 lines");
  }

  @Test
  void aSiteThatAsksForPostQuantumSignaturesRefusesLess() throws Exception {
    assertThat(operator.types("policy", "set", "--post-quantum-required", "true").out())
        .contains("post-quantum  required");
    Seen refused = operator.installs(medium.folder(), medium.anchor());
    assertThat(refused.exit()).isEqualTo(3);
    assertThat(refused.err()).contains("post-quantum");
  }
}
