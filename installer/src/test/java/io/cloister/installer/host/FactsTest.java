package io.cloister.installer.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.installer.host.Protection.Selinux;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernel's texts, as machines show them. */
final class FactsTest {
  private static final String MEMINFO =
      "MemTotal:       24684092 kB\nMemFree:        24476540 kB\nMemAvailable:   24364404 kB\n";

  @TempDir Path folder;

  @Test
  void readsTheFirstProcessor() {
    Processor here =
        Processor.parse(
            """
            processor\t: 0
            vendor_id\t: AuthenticAMD
            model name\t: AMD EPYC
            flags\t\t: fpu sse2 avx avx2 fma
            bugs\t\t: sysret_ss_attrs

            processor\t: 1
            model name\t: another
            """,
            2);
    assertThat(here.model()).isEqualTo("AMD EPYC");
    assertThat(here.features()).contains("avx2", "fma").doesNotContain("sysret_ss_attrs");
    assertThat(Processor.parse("Processor\t: AArch64\n", 1).features()).isEmpty();
  }

  @Test
  void readsMemoryWithoutAContainer() {
    Memory here = Memory.of(MEMINFO, "0::/user.slice\n", folder);
    assertThat(here.total()).isEqualTo(24684092L << 10);
    assertThat(here.available()).isEqualTo(24364404L << 10);
    assertThat(here.limit()).isEmpty();
    assertThat(here.ownLimit()).isEmpty();
  }

  @Test
  void theLeastLimitAboveTheProcessIsItsOwn() throws Exception {
    Path session = Files.createDirectories(folder.resolve("user.slice/session-1.scope"));
    Files.writeString(session.resolve("memory.max"), "max\n");
    Files.writeString(folder.resolve("user.slice/memory.max"), "1000000\n");
    Memory here = Memory.of(MEMINFO, "0::/user.slice/session-1.scope\n", folder);
    assertThat(here.ownLimit()).isEqualTo(OptionalLong.of(1_000_000));
    assertThat(here.limit()).isEmpty();
  }

  @Test
  void theLimitOfTheWholeContainerIsAtItsTop() throws Exception {
    Files.writeString(folder.resolve("memory.max"), "2000000\n");
    Memory here = Memory.of(MEMINFO, "0::/../elsewhere\n", folder);
    assertThat(here.limit()).isEqualTo(OptionalLong.of(2_000_000));
    assertThat(here.ownLimit()).isEqualTo(OptionalLong.of(2_000_000));
  }

  @Test
  void readsLimitsOfTheFirstVersionToo() throws Exception {
    Path docker = Files.createDirectories(folder.resolve("memory/docker"));
    Files.writeString(folder.resolve("memory/memory.limit_in_bytes"), "9223372036854771712\n");
    Files.writeString(docker.resolve("memory.limit_in_bytes"), "3000000\n");
    Memory here = Memory.of(MEMINFO, "8:pids:/\n4:memory:/docker\n0::/\n", folder);
    assertThat(here.limit()).isEmpty();
    assertThat(here.ownLimit()).isEqualTo(OptionalLong.of(3_000_000));
  }

  @Test
  void theDeepestMountHoldsAPathAndALaterOneHidesAnEarlier() {
    List<Mount> mounts =
        Mount.parse(
            """
            27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
            28 27 0:25 / /opt rw,nosuid,noexec - tmpfs none ro,size=4k
            29 27 0:26 / /opt/with\\040blank rw shared:1 - ext4 /dev/vdb rw
            30 27 0:27 / /opt/with\\040blank ro,noexec - xfs /dev/vdc rw
            nonsense
            """);
    assertThat(Mount.find(mounts, Path.of("/var/lib")).orElseThrow().type()).isEqualTo("ext4");
    assertThat(Mount.find(mounts, Path.of("/opt/x")).orElseThrow().options())
        .contains("noexec", "ro");
    assertThat(Mount.find(mounts, Path.of("/optional")).orElseThrow().point())
        .isEqualTo(Path.of("/"));
    assertThat(Mount.find(mounts, Path.of("/opt/with blank/x")).orElseThrow().type())
        .isEqualTo("xfs");
    assertThat(Mount.find(List.of(), Path.of("/"))).isEmpty();
  }

  @Test
  void readsLimitsWithAndWithoutAUnit() {
    Limits limits =
        Limits.parse(
            """
            Limit                     Soft Limit           Hard Limit           Units
            Max file size             102400000            unlimited            bytes
            Max open files            1024                 524288               files
            Max realtime priority     0                    0
            """);
    assertThat(limits.get(Limits.FILE_BYTES).soft()).isEqualTo(102_400_000);
    assertThat(limits.get(Limits.FILE_BYTES).hard()).isEqualTo(Limits.UNLIMITED);
    assertThat(limits.get(Limits.OPEN_FILES).hard()).isEqualTo(524_288);
    assertThat(limits.get(Limits.ADDRESS_BYTES).soft()).isEqualTo(Limits.UNLIMITED);
  }

  @Test
  void theEffectiveUserCounts() {
    Credentials sudo =
        Credentials.parse("Name:\tx\nUmask:\t0077\nUid:\t1000\t0\t0\t0\nGid:\t1000\t50\t50\t50\n");
    assertThat(sudo).isEqualTo(new Credentials(0, 50, OptionalInt.of(0077)));
    assertThat(Credentials.parse("Uid:\t1\t1\t1\t1\nGid:\t1\t1\t1\t1\n").umask()).isEmpty();
  }

  @Test
  void tellsSelinuxFromAppArmor() throws Exception {
    Path sys = folder.resolve("sys");
    Path label = folder.resolve("proc/self/attr/current");
    Files.createDirectories(label.resolveSibling(""));
    Files.writeString(label, "unconfined_t\0");
    assertThat(Protection.read(sys, folder.resolve("proc")))
        .isEqualTo(new Protection(Selinux.ABSENT, false, "unconfined_t"));
    Path enforce = sys.resolve("fs/selinux/enforce");
    Files.createDirectories(enforce.resolveSibling(""));
    Files.writeString(enforce, "1");
    assertThat(Protection.read(sys, folder).selinux()).isEqualTo(Selinux.ENFORCING);
    Files.writeString(enforce, "0");
    assertThat(Protection.read(sys, folder).selinux()).isEqualTo(Selinux.PERMISSIVE);
    Path enabled = sys.resolve("module/apparmor/parameters/enabled");
    Files.createDirectories(enabled.resolveSibling(""));
    Files.writeString(enabled, "Y\n");
    assertThat(Protection.read(sys, folder).appArmor()).isTrue();
  }

  @Test
  void readsTheVersionOfSystemd() {
    assertThat(Facts.parseSystemd("systemd 252 (252.39-1~deb12u2)\n+PAM")).hasValue(252);
    assertThat(Facts.parseSystemd("systemd 256~rc3 (256~rc3-1)\n")).hasValue(256);
    assertThat(Facts.parseSystemd("bash: systemctl: command not found")).isEmpty();
  }

  @Test
  void thisMachineAnswersEverything() {
    Facts here = Facts.here();
    assertThat(here.memory().total()).isGreaterThan(here.memory().available());
    assertThat(here.memory().available()).isPositive();
    assertThat(here.limits().byName()).containsKey(Limits.OPEN_FILES);
    assertThat(here.findMount(Path.of("/proc/self")).orElseThrow().type()).isEqualTo("proc");
    assertThat(here.credentials().umask()).isPresent();
    assertThat(here.randomness().ready()).isTrue();
    assertThat(here.processor().count()).isPositive();
  }
}
