package io.cloister.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A model's settings are measured where it serves. */
class J03TunedModel {
  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void whoeverInterruptsTheCommandEndsTheTrialAndNothingIsChanged(@TempDir Path vendor)
      throws Exception {
    Path medium = Vendor.open(vendor).addRuntime().addModel("1.0.0").publish("medium");
    try (Site site = Site.open(medium)) {
      Command installed = site.install(medium).ended(0);
      assertThat(installed.output()).contains("models tune " + Vendor.MODEL);
      int before = site.running().size();

      Process tune = site.begin("models", "tune", Vendor.MODEL, "--time", "1h");
      while (site.running().size() == before) {
        assertThat(tune.isAlive()).isTrue();
        Thread.sleep(20);
      }
      assertThat(site.serving()).isEqualTo("1.0.0");
      // As SIGINT does, which a process that was started in the background may ignore.
      tune.destroy();
      assertThat(tune.waitFor(30, TimeUnit.SECONDS)).isTrue();
      while (site.running().size() > before) {
        Thread.sleep(20);
      }

      assertThat(site.cloister("models", "list").ended(0).output())
          .containsPattern(Vendor.MODEL + " +1.0.0 +ready +package");
      assertThat(site.cloister("models", "untune", Vendor.MODEL).ended(0).output())
          .contains("its package's settings, as before");
      assertThat(site.serving()).isEqualTo("1.0.0");
    }
  }
}
