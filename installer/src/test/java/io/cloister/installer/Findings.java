package io.cloister.installer;

import io.cloister.installer.HostFinding.Exposed.Way;
import io.cloister.installer.HostFinding.LimitsLow.Low;
import io.cloister.installer.HostFinding.PortsInUse.Taken;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** One of each kind that preflight finds, as the pages show it. */
final class Findings {
  private static final Taken INFERENCE =
      new Taken("inference", "0.0.0.0:8443", 8443, "Address already in use");
  private static final Taken CONSOLE =
      new Taken("console", "0.0.0.0:9443", 9443, "Address already in use");

  static final List<HostFinding> ALL =
      List.of(
          new HostFinding.NoSystemd(),
          new HostFinding.SystemdTooOld(239, 247),
          new HostFinding.WrongPlatform("linux-aarch64", "linux-x64"),
          new HostFinding.GlibcTooOld("2.17", "2.27"),
          new HostFinding.SlowProcessor("QEMU Virtual CPU version 2.5+", List.of("avx2", "fma")),
          new HostFinding.MemoryTooSmall("machine", 508_000_000, 900_000_000),
          new HostFinding.MemoryScarce("free", 310_000_000, 700_000_000),
          new HostFinding.SocketPathTooLong(Path.of("/srv/long/run/cloister/admin.sock"), 130, 107),
          new HostFinding.NotWritable(List.of(Path.of("/opt"), Path.of("/var/lib")), "operator"),
          new HostFinding.ReadOnly(List.of(Path.of("/opt"))),
          new HostFinding.NoExec(Path.of("/opt/cloister"), Path.of("/opt")),
          new HostFinding.FolderIsLink(List.of(Path.of("/var/lib/cloister"))),
          new HostFinding.LinkBroken(List.of(Path.of("/opt"))),
          new HostFinding.Exposed(
              "root", List.of(new Way(Path.of("/opt"), "everyone may write there"))),
          new HostFinding.DiskTooSmall(
              List.of(
                  new HostFinding.DiskTooSmall.Room(
                      Path.of("/srv/trial/var/lib/cloister"), 1_000_000, 143_000_000))),
          new HostFinding.DiskSlow(
              Path.of("/var/lib"), Duration.ofMillis(180), Duration.ofMillis(50)),
          new HostFinding.PortsInUse(List.of(INFERENCE), true),
          new HostFinding.PortsInUse(List.of(INFERENCE, CONSOLE), false),
          new HostFinding.ClockWrong(
              Instant.parse("1970-01-01T00:03:12Z"), Instant.parse("2026-01-01T00:00:00Z")),
          new HostFinding.UmaskNarrow(0277, 0022),
          new HostFinding.SelinuxEnforcing("unconfined_u:unconfined_r:unconfined_t:s0"),
          new HostFinding.FewRandomBits(17, false),
          new HostFinding.LimitsLow(
              List.of(new Low("Max file size", "-f", 100_000, 262_144)), true),
          new HostFinding.LimitsLow(List.of(new Low("Max open files", "-n", 1024, 4096)), false),
          new HostFinding.NameUnwritable("/srv/m\uFFFDll", "US-ASCII"));

  private Findings() {}
}
