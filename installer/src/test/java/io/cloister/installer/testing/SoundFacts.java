package io.cloister.installer.testing;

import io.cloister.installer.host.Credentials;
import io.cloister.installer.host.Facts;
import io.cloister.installer.host.Limits;
import io.cloister.installer.host.Machine;
import io.cloister.installer.host.Memory;
import io.cloister.installer.host.Mount;
import io.cloister.installer.host.Processor;
import io.cloister.installer.host.Protection;
import io.cloister.installer.host.Randomness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/** A machine with nothing wrong; a test changes what it is about. */
public final class SoundFacts {
  public String platform = "linux-x64";
  public Optional<String> glibc = Optional.of("2.36");
  public boolean booted;
  public Processor processor = new Processor("Test 3000", 4, Set.of("sse2", "avx2", "fma"));
  public Memory memory = new Memory(8L << 30, 6L << 30, OptionalLong.empty(), OptionalLong.empty());
  public List<Mount> mounts = List.of(new Mount(Path.of("/"), "ext4", Set.of("rw")));
  public Limits limits = new Limits(Map.of());
  public Credentials credentials = new Credentials(ownUser(), 0, OptionalInt.of(0022));
  public Protection protection = new Protection(Protection.Selinux.ABSENT, true, "unconfined");
  public Randomness randomness = new Randomness(OptionalInt.of(256), true);
  public OptionalInt systemd = OptionalInt.of(252);
  public Charset fileNames = StandardCharsets.UTF_8;
  public Instant built = Instant.parse("2026-01-01T00:00:00Z");

  /** The machine of every test that is not about the machine. */
  public static Machine machine() {
    return machine(_ -> {});
  }

  public static Machine machine(Consumer<SoundFacts> change) {
    var sound = new SoundFacts();
    change.accept(sound);
    return new Machine(sound.platform, () -> sound.glibc, sound.booted, sound::facts);
  }

  private Facts facts() {
    return new Facts(
        processor,
        memory,
        mounts,
        limits,
        credentials,
        protection,
        randomness,
        systemd,
        fileNames,
        built);
  }

  /** What the tests make belongs to whoever runs them. */
  private static long ownUser() {
    try {
      return ((Number) Files.getAttribute(Path.of("/proc/self"), "unix:uid")).longValue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
