package io.cloister.installer.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.installer.HostFinding.DiskTooSmall;
import io.cloister.installer.HostFinding.GlibcTooOld;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.host.Limits;
import io.cloister.installer.host.Machine;
import io.cloister.installer.preflight.Check.State;
import io.cloister.installer.testing.SoundFacts;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What depends on what is to be written. */
final class PlanPreflightTest {
  @TempDir Path root;

  private Check look(String name, Machine machine, Need need) throws Exception {
    Instant now = Instant.parse("2026-06-01T12:00:00Z");
    return Preflight.look(machine, new HostPaths(root), need, now, System::nanoTime).stream()
        .filter(check -> check.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Need need(long programs, long models, long longest) {
    var release = new Need.Release("linux-x64", Optional.of("2.27"), programs);
    return new Need(Optional.of(release), models, longest, Map.of(), true);
  }

  @Test
  void programsAndModelsShareOneDisk() throws Exception {
    long free = new HostPaths(root).root().toFile().getUsableSpace();
    long most = free - (300L << 20);
    var machine = SoundFacts.machine();
    assertThat(look("disk space", machine, need(most / 2, most / 2, 0)).state())
        .isEqualTo(State.OK);
    Check small = look("disk space", machine, need(most, most, 0));
    assertThat(small.state()).isEqualTo(State.UNFIT);
    var finding = (DiskTooSmall) small.finding().orElseThrow();
    assertThat(finding.rooms()).hasSize(1);
    assertThat(finding.rooms().getFirst().bytesNeeded()).isGreaterThan(2 * most);
  }

  @Test
  void nothingToWriteNeedsNoRoom() throws Exception {
    Check check = look("disk space", SoundFacts.machine(), Need.ofService(Map.of(), true));
    assertThat(check.needed()).isEqualTo("MEDIA says");
  }

  @Test
  void theLongestFileMustBeAllowed() throws Exception {
    var limit = new Limits.Limit(1L << 30, 1L << 30);
    Machine limited =
        SoundFacts.machine(f -> f.limits = new Limits(Map.of(Limits.FILE_BYTES, limit)));
    assertThat(look("limits", limited, need(1, 1, 1L << 30)).state()).isEqualTo(State.OK);
    Check check = look("limits", limited, need(1, 1, (1L << 30) + 1));
    assertThat(check.state()).isEqualTo(State.UNFIT);
    assertThat(check.found()).isEqualTo("ulimit -f 1048576");
    assertThat(check.needed()).isEqualTo("ulimit -f 1048577");
  }

  @Test
  void modelsAreInMemoryBesideTheService() throws Exception {
    var machine = SoundFacts.machine();
    assertThat(look("memory", machine, need(1, 5_000_000_000L, 0)).state()).isEqualTo(State.OK);
    assertThat(look("memory", machine, need(1, 6_000_000_000L, 0)).state())
        .isEqualTo(State.WARNING);
  }

  @Test
  void theReleaseSaysWhichGlibcItNeeds() throws Exception {
    Machine old = SoundFacts.machine(facts -> facts.glibc = Optional.of("2.9"));
    Check check = look("glibc", old, need(1, 1, 1));
    assertThat(check.finding()).contains(new GlibcTooOld("2.9", "2.27"));
    assertThat(look("glibc", SoundFacts.machine(), need(1, 1, 1)).state()).isEqualTo(State.OK);
  }
}
