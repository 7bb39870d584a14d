package io.cloister.installer.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code preflight} asks a machine beside {@link Machine}: read at once, changed by nothing
 * here.
 *
 * @param mounts in the order they were mounted
 * @param systemdVersion e.g. 252; empty where it is not the first process, or does not say
 * @param fileNames how this process writes file names: its locale's encoding
 * @param built when this program was made
 */
public record Facts(
    Processor processor,
    Memory memory,
    List<Mount> mounts,
    Limits limits,
    Credentials credentials,
    Protection protection,
    Randomness randomness,
    OptionalInt systemdVersion,
    Charset fileNames,
    Instant built) {
  private static final int CPUINFO_BYTES = 8 << 10;
  private static final Path PROC = Path.of("/proc");
  private static final Path SYS = Path.of("/sys");
  private static final Pattern SYSTEMD = Pattern.compile("\\Asystemd (\\d{1,5})\\b");

  public Facts {
    mounts = List.copyOf(mounts);
  }

  /** Of this machine, as this process sees it. */
  static Facts here() {
    return new Facts(
        Processor.parse(
            KernelText.start(PROC.resolve("cpuinfo"), CPUINFO_BYTES),
            Runtime.getRuntime().availableProcessors()),
        Memory.of(
            KernelText.read(PROC.resolve("meminfo")),
            KernelText.read(PROC.resolve("self/cgroup")),
            SYS.resolve("fs/cgroup")),
        Mount.parse(KernelText.read(Mount.MOUNTS)),
        Limits.parse(KernelText.read(PROC.resolve("self/limits"))),
        Credentials.parse(KernelText.read(PROC.resolve("self/status"))),
        Protection.read(SYS, PROC),
        Randomness.parse(
            KernelText.read(PROC.resolve("sys/kernel/random/entropy_avail")),
            LibC.randomnessReady()),
        SystemdService.booted() ? askSystemd() : OptionalInt.empty(),
        Charset.forName(System.getProperty("sun.jnu.encoding")),
        readBuilt());
  }

  /** The mount that holds a path without symbolic links. */
  public Optional<Mount> findMount(Path path) {
    return Mount.find(mounts, path);
  }

  /** From the first words of {@code systemctl --version}. */
  static OptionalInt parseSystemd(String output) {
    Matcher version = SYSTEMD.matcher(output);
    return version.find()
        ? OptionalInt.of(Integer.parseInt(version.group(1)))
        : OptionalInt.empty();
  }

  private static OptionalInt askSystemd() {
    try {
      return new Command(List.of("systemctl", "--version"), Path.of("/"))
          .run(Path.of(System.getProperty("java.io.tmpdir")), Duration.ofSeconds(10))
          .map(finished -> parseSystemd(finished.output()))
          .orElse(OptionalInt.empty());
    } catch (IOException e) {
      return OptionalInt.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return OptionalInt.empty();
    }
  }

  private static Instant readBuilt() {
    try (InputStream in = Facts.class.getResourceAsStream("built")) {
      if (in == null) {
        throw new IllegalStateException("this program lacks its file built");
      }
      return Instant.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
