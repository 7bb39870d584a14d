package io.cloister.installer.preflight;

import io.cloister.installer.HostFinding.ClockWrong;
import io.cloister.installer.HostFinding.FewRandomBits;
import io.cloister.installer.HostFinding.GlibcTooOld;
import io.cloister.installer.HostFinding.NoSystemd;
import io.cloister.installer.HostFinding.SelinuxEnforcing;
import io.cloister.installer.HostFinding.SlowProcessor;
import io.cloister.installer.HostFinding.SystemdTooOld;
import io.cloister.installer.HostFinding.WrongPlatform;
import io.cloister.installer.host.Facts;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.host.Machine;
import io.cloister.installer.host.Processor;
import io.cloister.installer.host.Protection;
import io.cloister.installer.host.Randomness;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The machine and its operating system. */
record SystemChecks(Machine machine, Facts facts, HostPaths paths) {
  /** The one platform that releases exist for. */
  private static final String PLATFORM = "linux-x64";

  /**
   * The release's native code was run on a processor with SSE2 alone (AMD Opteron 240): it chooses
   * at run time. These make it quick.
   */
  private static final List<String> QUICK = List.of("avx2", "fma");

  /** The first with {@code ProtectProc=} and {@code ProcSubset=} (systemd.exec(5)). */
  private static final int SYSTEMD_MIN = 247;

  private static final Duration CLOCK_AHEAD_MAX = Duration.ofDays(20 * 365);

  /** What was full before Linux 5.18 is 4096; a key of 128 bits is made from this much. */
  private static final int RANDOM_BITS_MIN = 128;

  List<Check> all(Need need, Instant now) {
    return List.of(
        platform(need),
        glibc(need),
        processor(),
        new MemoryCheck(facts.memory(), paths).look(need.modelBytes()),
        systemd(),
        protection(),
        clock(now),
        randomness());
  }

  private Check platform(Need need) {
    String needed = need.release().map(Need.Release::platform).orElse(PLATFORM);
    String here = machine.platform();
    return here.equals(needed)
        ? Check.ok("platform", here, needed)
        : Check.unfit("platform", here, needed, new WrongPlatform(here, needed));
  }

  private Check glibc(Need need) {
    Optional<String> here = machine.glibc();
    Optional<String> needed = need.release().flatMap(Need.Release::glibc);
    String found = here.orElse("none");
    if (here.isEmpty() || (needed.isPresent() && older(here.get(), needed.get()))) {
      String least = needed.orElse("2.17");
      return Check.unfit("glibc", found, least, new GlibcTooOld(here.orElse(""), least));
    }
    return Check.ok("glibc", found, needed.orElse("the release says"));
  }

  static boolean older(String here, String needed) {
    return Arrays.compare(numbers(here), numbers(needed)) < 0;
  }

  private static int[] numbers(String version) {
    return Arrays.stream(version.split("\\D+"))
        .filter(part -> !part.isEmpty() && part.length() < 9)
        .mapToInt(Integer::parseInt)
        .toArray();
  }

  private Check processor() {
    Processor here = facts.processor();
    List<String> missing =
        QUICK.stream().filter(feature -> !here.features().contains(feature)).toList();
    String found =
        here.count()
            + (here.count() == 1 ? " processor, " : " processors, ")
            + (missing.isEmpty() ? "with " : "without ")
            + String.join(" ", missing.isEmpty() ? QUICK : missing);
    String needed = String.join(" ", QUICK) + ", for speed";
    // Another platform has other features, and is refused as such.
    return missing.isEmpty() || !machine.platform().equals(PLATFORM)
        ? Check.ok("processor", found, needed)
        : Check.warning("processor", found, needed, new SlowProcessor(here.model(), missing));
  }

  private Check systemd() {
    if (!paths.isHost()) {
      return Check.ok("systemd", "not asked", "none below --root");
    }
    String needed = SYSTEMD_MIN + " or newer";
    if (!machine.systemd()) {
      return Check.unfit("systemd", "none", needed, new NoSystemd());
    }
    OptionalInt here = facts.systemdVersion();
    String found = here.isPresent() ? here.getAsInt() + "" : "it does not say";
    return here.isPresent() && here.getAsInt() < SYSTEMD_MIN
        ? Check.unfit("systemd", found, needed, new SystemdTooOld(here.getAsInt(), SYSTEMD_MIN))
        : Check.ok("systemd", found, needed);
  }

  private Check protection() {
    Protection here = facts.protection();
    String needed = "no SELinux that enforces";
    return switch (here.selinux()) {
      case ENFORCING ->
          Check.warning(
              "protection", "SELinux, enforcing", needed, new SelinuxEnforcing(here.label()));
      case PERMISSIVE -> Check.ok("protection", "SELinux, permissive", needed);
      case ABSENT ->
          Check.ok(
              "protection", here.appArmor() ? "AppArmor" : "neither SELinux nor AppArmor", needed);
    };
  }

  private Check clock(Instant now) {
    Instant built = facts.built();
    boolean right = !now.isBefore(built) && now.isBefore(built.plus(CLOCK_AHEAD_MAX));
    String needed = "after " + built;
    return right
        ? Check.ok("clock", now.toString(), needed)
        : Check.warning("clock", now.toString(), needed, new ClockWrong(now, built));
  }

  private Check randomness() {
    Randomness here = facts.randomness();
    int bits = here.bits().orElse(-1);
    String found = (bits < 0 ? "" : bits + " bits, ") + (here.ready() ? "ready" : "not ready");
    String needed = RANDOM_BITS_MIN + " bits, ready";
    return here.ready() && (bits < 0 || bits >= RANDOM_BITS_MIN)
        ? Check.ok("entropy", found, needed)
        : Check.warning("entropy", found, needed, new FewRandomBits(bits, here.ready()));
  }
}
