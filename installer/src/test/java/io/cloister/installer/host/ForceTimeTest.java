package io.cloister.installer.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.repo.testing.FaultyFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk is measured, and left as it was. */
final class ForceTimeTest {
  @TempDir Path folder;

  @Test
  void theMiddleOfTheTimesIsTold() throws IOException {
    // Readings of a clock: five spans of 1, 90, 2, 3 and 80 ms.
    long[] millis = {0, 1, 91, 93, 96, 176};
    var reading = new AtomicLong();
    Duration middle =
        ForceTime.measure(folder, () -> millis[(int) reading.getAndIncrement()] * 1_000_000);
    assertThat(middle).isEqualTo(Duration.ofMillis(3));
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aVerySlowDiskIsNotWaitedForFiveTimes() throws IOException {
    var readings = new AtomicLong();
    Duration middle = ForceTime.measure(folder, () -> readings.getAndIncrement() * 3_000_000_000L);
    assertThat(middle).isEqualTo(Duration.ofSeconds(3));
    assertThat(readings).hasValue(2);
  }

  @Test
  void nothingIsLeftWhereverItFails() throws IOException {
    int failsAt = 1;
    for (boolean failing = true; failing; failsAt++) {
      Path faulty = new FaultyFileSystem(failsAt, "No space left on device").path(folder);
      try {
        ForceTime.measure(faulty, System::nanoTime);
        failing = false;
      } catch (IOException full) {
        assertThat(full).hasMessageContaining("No space left");
      }
      assertThat(folder).as("after operation %s", failsAt).isEmptyDirectory();
    }
    assertThat(failsAt).isGreaterThan(8);
  }

  @Test
  void aFolderThatIsNotThereIsAFault() {
    assertThatThrownBy(() -> ForceTime.measure(folder.resolve("none"), System::nanoTime))
        .isInstanceOf(IOException.class);
  }
}
