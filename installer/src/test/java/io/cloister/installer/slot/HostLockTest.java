package io.cloister.installer.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.host.HostPaths;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever holds the lock keeps it, whatever else this process does with it. */
final class HostLockTest {
  @TempDir Path root;

  /** Ends with 0 where nobody holds it. */
  static final class Asking {
    public static void main(String[] root) throws Exception {
      System.exit(HostLock.isHeld(new HostPaths(Path.of(root[0]))) ? 6 : 0);
    }
  }

  private int anotherProcessAsks() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
    String classes = System.getProperty("java.class.path");
    return new ProcessBuilder(
            List.of(java, "-cp", classes, Asking.class.getName(), root.toString()))
        .inheritIO()
        .start()
        .waitFor();
  }

  @Test
  void neitherAskingForItNorTakingItOnceMoreDropsIt() throws Exception {
    HostPaths paths = new HostPaths(root);
    try (HostLock _ = HostLock.take(paths)) {
      assertThat(HostLock.isHeld(paths)).isTrue();
      assertThatExceptionOfType(InstallRefusedException.class)
          .isThrownBy(() -> HostLock.take(paths))
          .withMessageContaining("Busy");
      assertThat(anotherProcessAsks()).as("it is held").isEqualTo(6);
    }
    assertThat(HostLock.isHeld(paths)).isFalse();
    assertThat(anotherProcessAsks()).isZero();
  }
}
