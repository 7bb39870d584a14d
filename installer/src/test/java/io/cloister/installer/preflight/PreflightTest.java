package io.cloister.installer.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.installer.host.Credentials;
import io.cloister.installer.host.Limits;
import io.cloister.installer.host.Limits.Limit;
import io.cloister.installer.host.Memory;
import io.cloister.installer.host.Processor;
import io.cloister.installer.host.Protection;
import io.cloister.installer.host.Randomness;
import io.cloister.installer.testing.CloisterProcess;
import io.cloister.installer.testing.Operator;
import io.cloister.installer.testing.Operator.Seen;
import io.cloister.installer.testing.SoundFacts;
import io.cloister.installer.testing.Tree;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every finding, on a machine that has it and on one that has not. */
final class PreflightTest {
  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

  @TempDir Path scratch;
  private Path root;

  @BeforeEach
  void aFolder() throws Exception {
    root = Files.createDirectories(scratch.toRealPath().resolve("host"));
  }

  private Seen looks(Consumer<SoundFacts> change, Instant now) throws Exception {
    List<String> words = new ArrayList<>(List.of("preflight"));
    words.addAll(Operator.ports());
    return new Operator(root, SoundFacts.machine(change), now).types(words.toArray(String[]::new));
  }

  private void warns(String code, Consumer<SoundFacts> change) throws Exception {
    Seen seen = looks(change, NOW);
    assertThat(seen.out()).contains("[" + code + "]", "this machine is fit, 1 warning\n");
    assertThat(seen.err()).isEmpty();
    assertThat(seen.exit()).isZero();
  }

  private void refuses(String code, Consumer<SoundFacts> change) throws Exception {
    Seen seen = looks(change, NOW);
    assertThat(seen.out()).contains("this machine is not fit: 1 unfit\n").doesNotContain("warning");
    assertThat(seen.err()).containsOnlyOnce("error: ").contains("[" + code + "]");
    assertThat(seen.exit()).isEqualTo(4);
  }

  private void passes(Consumer<SoundFacts> change) throws Exception {
    Seen seen = looks(change, NOW);
    assertThat(seen.out()).contains("this machine is fit\n").doesNotContain("warning", "unfit");
    assertThat(seen.err()).isEmpty();
    assertThat(seen.exit()).isZero();
  }

  @Test
  void aSoundMachineIsFitAndStaysAsItIs() throws Exception {
    Map<String, String> before = Tree.of(scratch);
    passes(_ -> {});
    assertThat(Tree.of(scratch)).isEqualTo(before);
  }

  @Test
  void everythingIsToldAtOnce() throws Exception {
    Seen seen =
        looks(
            facts -> {
              facts.platform = "linux-arm64";
              facts.glibc = Optional.empty();
              facts.memory =
                  new Memory(1 << 28, 1 << 27, OptionalLong.empty(), OptionalLong.empty());
              facts.randomness = new Randomness(OptionalInt.of(3), true);
            },
            Instant.EPOCH);
    assertThat(seen.err()).contains("[HOST-PLATFORM]", "[HOST-GLIBC]", "[HOST-MEMORY]");
    assertThat(seen.out()).contains("[HOST-ENTROPY]", "[HOST-CLOCK]", "3 unfit, 2 warnings");
    assertThat(seen.exit()).isEqualTo(4);
  }

  @Test
  void refusesAMachineWithoutGlibc() throws Exception {
    refuses("HOST-GLIBC", facts -> facts.glibc = Optional.empty());
  }

  @Test
  void warnsOfAProcessorWithoutWideArithmetic() throws Exception {
    warns("HOST-CPU", f -> f.processor = new Processor("", 1, Set.of("sse2", "sse4_1", "avx")));
  }

  @Test
  void refusesTooLittleMemory() throws Exception {
    refuses("HOST-MEMORY", facts -> facts.memory = memory(899_999_999, 899_999_999));
    warns("HOST-MEMORY-LOW", facts -> facts.memory = memory(900_000_000, 900_000_000));
    passes(facts -> facts.memory = memory(1_800_000_000, 700_000_000));
    warns("HOST-MEMORY-LOW", facts -> facts.memory = memory(1_800_000_000, 699_999_999));
  }

  private static Memory memory(long total, long available) {
    return new Memory(total, available, OptionalLong.empty(), OptionalLong.empty());
  }

  @Test
  void theLimitOfTheSessionBoundsATrial() throws Exception {
    OptionalLong small = OptionalLong.of(100_000_000);
    refuses(
        "HOST-MEMORY",
        facts -> facts.memory = new Memory(8L << 30, 6L << 30, OptionalLong.empty(), small));
    Seen seen = looks(f -> f.memory = new Memory(8L << 30, 6L << 30, small, small), NOW);
    assertThat(seen.err()).contains("  container 100.0 MB\n", "  needed    900.0 MB\n");
  }

  @Test
  void warnsOfAClockBeforeThisProgramWasMadeOrDecadesAfter() throws Exception {
    for (String wrong : new String[] {"2025-12-31T23:59:59Z", "2046-01-01T00:00:00Z"}) {
      Seen seen = looks(_ -> {}, Instant.parse(wrong));
      assertThat(seen.out()).contains("[HOST-CLOCK]", wrong, "date -u -s ");
      assertThat(seen.exit()).isZero();
    }
    assertThat(looks(_ -> {}, Instant.parse("2045-12-01T00:00:00Z")).out())
        .doesNotContain("HOST-CLOCK");
  }

  @Test
  void warnsOfAUmaskThatClosesFoldersToTheirOwner() throws Exception {
    warns("HOST-UMASK", facts -> facts.credentials = umask(facts, 0277));
    passes(facts -> facts.credentials = umask(facts, 0077));
  }

  private static Credentials umask(SoundFacts facts, int umask) {
    return new Credentials(
        facts.credentials.user(), facts.credentials.group(), OptionalInt.of(umask));
  }

  @Test
  void warnsOfSelinuxThatEnforces() throws Exception {
    warns(
        "HOST-SELINUX",
        f -> f.protection = new Protection(Protection.Selinux.ENFORCING, false, "unconfined_t"));
    passes(f -> f.protection = new Protection(Protection.Selinux.PERMISSIVE, false, ""));
  }

  @Test
  void warnsWhenThereIsLittleRandomness() throws Exception {
    warns("HOST-ENTROPY", f -> f.randomness = new Randomness(OptionalInt.of(127), true));
    warns("HOST-ENTROPY", f -> f.randomness = new Randomness(OptionalInt.empty(), false));
    passes(f -> f.randomness = new Randomness(OptionalInt.of(128), true));
    passes(f -> f.randomness = new Randomness(OptionalInt.empty(), true));
  }

  @Test
  void refusesLimitsThatWouldCutFilesOffOrKeepProgramsFromStarting() throws Exception {
    refuses("HOST-LIMIT", facts -> facts.limits = limit(Limits.FILE_BYTES, (256L << 20) - 1));
    refuses("HOST-LIMIT", facts -> facts.limits = limit(Limits.ADDRESS_BYTES, 4L << 30));
    refuses("HOST-LIMIT", facts -> facts.limits = limit(Limits.DATA_BYTES, 1L << 30));
    passes(facts -> facts.limits = limit(Limits.FILE_BYTES, 256L << 20));
  }

  @Test
  void warnsOfLimitsThatABusyServiceWouldReach() throws Exception {
    warns("HOST-LIMIT-LOW", facts -> facts.limits = limit(Limits.OPEN_FILES, 1024));
    passes(facts -> facts.limits = limit(Limits.OPEN_FILES, 4096));
    Consumer<SoundFacts> few = facts -> facts.limits = limit(Limits.PROCESSES, 100);
    long self = new SoundFacts().credentials.user();
    if (self == 0) {
      passes(few);
    } else {
      warns("HOST-LIMIT-LOW", few);
    }
  }

  private static Limits limit(String name, long value) {
    return new Limits(Map.of(name, new Limit(value, value)));
  }

  @Test
  void refusesAPathThatTheLocaleCannotWrite() throws Exception {
    root = scratch.toRealPath().resolve("Müll");
    refuses("HOST-LOCALE", facts -> facts.fileNames = StandardCharsets.US_ASCII);
    passes(facts -> facts.fileNames = StandardCharsets.ISO_8859_1);
    root = scratch.toRealPath().resolve("M?ll");
    refuses("HOST-LOCALE", facts -> facts.fileNames = StandardCharsets.US_ASCII);
    passes(_ -> {});
    root = scratch.toRealPath().resolve("plain");
    passes(facts -> facts.fileNames = StandardCharsets.US_ASCII);
  }

  @Test
  void aNameThatCannotBeReadIsToldAsSuch() throws Exception {
    List<String> inAscii =
        List.of("env", "LC_ALL=C", "sh", "-c", "exec \"$@\" \"$(printf '/m\\303\\274ll')\"", "sh");
    Seen seen = new CloisterProcess(Operator.at(root), inAscii).run("preflight");
    assertThat(seen.err()).contains("[HOST-LOCALE]", "export LC_ALL=C.UTF-8");
    assertThat(seen.exit()).isEqualTo(4);
  }

  @Test
  void bothTakenPortsComeInOneMessage() throws Exception {
    try (var one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var two = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Seen seen =
          Operator.at(root)
              .types(
                  "preflight",
                  "--inference",
                  "127.0.0.1:" + one.getLocalPort(),
                  "--console",
                  "127.0.0.1:" + two.getLocalPort());
      assertThat(seen.err())
          .containsOnlyOnce("[HOST-PORT]")
          .contains("  inference 127.0.0.1:" + one.getLocalPort() + ": Address already in use")
          .contains("  console   127.0.0.1:" + two.getLocalPort() + ": Address already in use");
      assertThat(seen.exit()).isEqualTo(4);
    }
  }

  @Test
  void programsReadTheSameAsPeople() throws Exception {
    List<String> words = new ArrayList<>(List.of("preflight", "--json"));
    words.addAll(Operator.ports());
    var slow = SoundFacts.machine(f -> f.processor = new Processor("", 2, Set.of("sse2")));
    Seen seen = new Operator(root, slow, NOW).types(words.toArray(String[]::new));
    assertThat(seen.out())
        .contains("\"fit\":true", "\"check\":\"disk_speed\",\"state\":\"ok\"")
        .contains("\"check\":\"processor\",\"state\":\"warning\"", "\"code\":\"HOST-CPU\"");
    assertThat(seen.exit()).isZero();
  }
}
