package io.cloister.installer.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cloister.installer.HostFinding;
import io.cloister.installer.HostFinding.Exposed;
import io.cloister.installer.HostFinding.FolderIsLink;
import io.cloister.installer.HostFinding.LinkBroken;
import io.cloister.installer.HostFinding.NoSystemd;
import io.cloister.installer.HostFinding.NotWritable;
import io.cloister.installer.HostFinding.SystemdTooOld;
import io.cloister.installer.host.Credentials;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.host.Machine;
import io.cloister.installer.preflight.Check.State;
import io.cloister.installer.testing.SoundFacts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders, links and disks, and a host of its own. */
final class FolderPreflightTest {
  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

  @TempDir Path temporary;
  private Path root;

  @BeforeEach
  void aFolder() throws Exception {
    root = Files.createDirectories(temporary.toRealPath().resolve("host"));
  }

  private static Check look(Path root, String name, Consumer<SoundFacts> change) throws Exception {
    Machine machine = SoundFacts.machine(change);
    var need = Need.ofService(Map.of(), true);
    List<Check> checks = Preflight.look(machine, new HostPaths(root), need, NOW, System::nanoTime);
    return checks.stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
  }

  private Check look(String name) throws Exception {
    return look(root, name, _ -> {});
  }

  private static HostFinding finding(Check check, State state) {
    assertThat(check.state()).isEqualTo(state);
    return check.finding().orElseThrow();
  }

  private static void mode(Path path, String permissions) throws Exception {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  @Test
  void aLinkAboveOurFoldersIsTheSitesOwnAffair() throws Exception {
    Files.createDirectories(root.resolve("disk/lib"));
    Files.createDirectories(root.resolve("var"));
    Files.createSymbolicLink(root.resolve("var/lib"), root.resolve("disk/lib"));
    assertThat(look("links").state()).isEqualTo(State.OK);
    assertThat(look("owners").state()).isEqualTo(State.OK);
    assertThat(look("writable").state()).isEqualTo(State.OK);
  }

  @Test
  void refusesAFolderOfOurOwnThatIsALink() throws Exception {
    Files.createDirectories(root.resolve("disk"));
    Files.createDirectories(root.resolve("var/lib"));
    Path link = Files.createSymbolicLink(root.resolve("var/lib/cloister"), root.resolve("disk"));
    assertThat(finding(look("links"), State.UNFIT)).isEqualTo(new FolderIsLink(List.of(link)));
  }

  @Test
  void refusesALinkToNothingOnce() throws Exception {
    Path link = Files.createSymbolicLink(root.resolve("opt"), root.resolve("not-mounted"));
    assertThat(finding(look("links"), State.UNFIT)).isEqualTo(new LinkBroken(List.of(link)));
    assertThat(look("writable").state()).isEqualTo(State.OK);
    assertThat(look("disk space").found()).isEqualTo("not measured");
  }

  @Test
  void rootRefusesAFolderThatEveryoneMayWriteAndOthersAreWarned() throws Exception {
    mode(root, "rwxrwxrwx");
    Check asRoot = look(root, "owners", facts -> facts.credentials = user(0, facts));
    assertThat(finding(asRoot, State.UNFIT)).isInstanceOf(Exposed.class);
    assertThat(asRoot.found()).isEqualTo(root + ": everyone may write there");
    Check asAnother = look(root, "owners", facts -> facts.credentials = user(4711, facts));
    assertThat(asAnother.state()).isEqualTo(State.WARNING);
    mode(root, "rwxr-xr-x");
    assertThat(look("owners").state()).isEqualTo(State.OK);
  }

  @Test
  void theStickyBitKeepsOthersFromReplacingWhatIsOurs() throws Exception {
    mode(root, "rwxrwxrwx");
    Files.setAttribute(root, "unix:mode", 01777);
    assertThat(look("owners").state()).isEqualTo(State.OK);
  }

  @Test
  void warnsOfAGroupThatMayWrite() throws Exception {
    mode(root, "rwxrwxr-x");
    long self = new SoundFacts().credentials.user();
    if (self == 0) {
      Files.setAttribute(root, "unix:gid", 50);
    }
    long group = ((Number) Files.getAttribute(root, "unix:gid")).longValue();
    Credentials ours = new Credentials(self, group, OptionalInt.empty());
    assertThat(look(root, "owners", f -> f.credentials = ours).state()).isEqualTo(State.OK);
    Credentials other = new Credentials(self, group + 1, OptionalInt.empty());
    Check warned = look(root, "owners", f -> f.credentials = other);
    assertThat(warned.state()).isEqualTo(State.WARNING);
    assertThat(warned.found()).isEqualTo(root + ": group " + group + " may write there");
  }

  @Test
  void warnsOfAFolderThatBelongsToSomebodyElse() throws Exception {
    long self = new SoundFacts().credentials.user();
    if (self == 0) {
      Files.setAttribute(root, "unix:uid", 4711);
    }
    long me = self == 0 ? 0 : self + 1;
    Check check = look(root, "owners", facts -> facts.credentials = user(me, facts));
    assertThat(check.state()).isEqualTo(State.WARNING);
    assertThat(check.found()).contains("it belongs to user " + (self == 0 ? 4711 : self));
  }

  @Test
  void theSocketsFolderBelongsToTheService() throws Exception {
    assumeTrue(new SoundFacts().credentials.isRoot(), "only root gives folders away");
    Path run = Files.createDirectories(root.resolve("run/cloister"));
    Files.setAttribute(run, "unix:uid", 4711);
    assertThat(look("owners").state()).isEqualTo(State.OK);
    Path data = Files.createDirectories(root.resolve("var/lib/cloister"));
    Files.setAttribute(data, "unix:uid", 4711);
    assertThat(look("owners").found()).isEqualTo(data + ": it belongs to user 4711");
  }

  private static Credentials user(long user, SoundFacts facts) {
    return new Credentials(user, facts.credentials.group(), OptionalInt.of(0022));
  }

  @Test
  void everyClosedFolderIsNamedInOneMessage() throws Exception {
    for (String name : new String[] {"opt", "etc"}) {
      Files.writeString(root.resolve(name), "a file in the way");
    }
    var finding = (NotWritable) finding(look("writable"), State.UNFIT);
    assertThat(finding.paths()).containsExactly(root.resolve("opt"), root.resolve("etc"));
  }

  @Test
  void aSlowDiskIsWarnedOf() throws Exception {
    var facts = SoundFacts.machine();
    for (long millis : new long[] {50, 51}) {
      var reading = new AtomicLong();
      List<Check> checks =
          Preflight.look(
              facts,
              new HostPaths(root),
              Need.ofService(Map.of(), true),
              NOW,
              () -> reading.getAndIncrement() * Duration.ofMillis(millis).toNanos());
      Check speed =
          checks.stream().filter(c -> c.name().equals("disk speed")).findFirst().orElseThrow();
      assertThat(speed.state()).isEqualTo(millis == 50 ? State.OK : State.WARNING);
    }
    assertThat(root).isEmptyDirectory();
  }

  @Test
  void aHostOfItsOwnNeedsASystemdThatIsNewEnough() throws Exception {
    Path host = Path.of("/");
    Check none = look(host, "systemd", facts -> facts.booted = false);
    assertThat(finding(none, State.UNFIT)).isEqualTo(new NoSystemd());
    Check old = look(host, "systemd", facts -> version(facts, 246));
    assertThat(finding(old, State.UNFIT)).isEqualTo(new SystemdTooOld(246, 247));
    assertThat(look(host, "systemd", facts -> version(facts, 247)).state()).isEqualTo(State.OK);
    assertThat(look("systemd").state()).isEqualTo(State.OK);
  }

  private static void version(SoundFacts facts, int version) {
    facts.booted = true;
    facts.systemd = OptionalInt.of(version);
  }

  @Test
  void aHostOfItsOwnNeedsAUmaskThatLetsTheServiceRead() throws Exception {
    Consumer<SoundFacts> narrow =
        facts -> facts.credentials = new Credentials(0, 0, OptionalInt.of(0077));
    assertThat(look(Path.of("/"), "umask", narrow).state()).isEqualTo(State.WARNING);
  }
}
