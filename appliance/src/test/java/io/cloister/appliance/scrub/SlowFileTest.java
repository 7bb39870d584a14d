package io.cloister.appliance.scrub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What the kernel says where a file cannot be read past its cache. */
class SlowFileTest {
  @Test
  void aDiskThatCannotReadIsNoFileSystemThatReadsThroughItsCacheAlone() {
    IOException unreadable =
        catchThrowableOfType(
            IOException.class,
            () -> {
              try (var memory = new FileInputStream("/proc/self/mem")) {
                memory.read(); // EIO: nothing lies at address 0
              }
            });
    IOException invalid =
        catchThrowableOfType(
            IOException.class,
            () -> {
              try (var score = new FileOutputStream("/proc/self/oom_score_adj")) {
                score.write('x'); // EINVAL
              }
            });
    assertThat(SlowFile.isUnfit(unreadable)).isFalse();
    assertThat(SlowFile.isUnfit(invalid)).isTrue();
  }
}
