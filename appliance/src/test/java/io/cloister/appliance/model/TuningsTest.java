package io.cloister.appliance.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.appliance.database.Database;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TuningsTest {
  private static final ModelVersion MODEL =
      new ModelVersion(
          "digits", "1.0.0", "ab".repeat(32), "x", new Provenance(1, Instant.EPOCH, List.of()));
  private static final Tuning TUNING =
      new Tuning(
          MODEL.manifestSha256(),
          new RunSettings(2, 1, false, List.of("LayerNormFusionL1"), 8),
          new Host("1.28.0", 2, "of the test"),
          Instant.parse("2026-11-02T08:00:00Z"),
          "{\"tried\":[]}");

  @TempDir Path folder;

  @Test
  void aChoiceIsFoundAgainAndForgottenWhenItIsTakenBack() {
    try (Database database = Database.open(folder.resolve("db"), Optional.empty())) {
      var tunings = new Tunings(database);
      assertThat(tunings.find(MODEL)).isEmpty();
      tunings.write(TUNING);
      assertThat(tunings.find(MODEL)).contains(TUNING);
      tunings.delete(MODEL);
      assertThat(tunings.find(MODEL)).isEmpty();
    }
  }

  @Test
  void aChoiceTravelsToTheNextRelease() throws Exception {
    try (Database database = Database.open(folder.resolve("old"), Optional.empty())) {
      new Tunings(database).write(TUNING);
      database.handOver(folder.resolve("new"));
    }
    try (Database database = Database.open(folder.resolve("new"), Optional.empty())) {
      assertThat(new Tunings(database).find(MODEL)).contains(TUNING);
    }
  }

  @Test
  void settingsOutOfBoundsAreRefused() {
    RunSettings settings = TUNING.settings();
    assertThatThrownBy(() -> settings.withThreads(0, 1)).hasMessageContaining("runs");
    assertThatThrownBy(() -> settings.withThreads(1, 65)).hasMessageContaining("intra_op_threads");
    assertThatThrownBy(() -> settings.withRows(1025)).hasMessageContaining("max_rows");
    assertThatThrownBy(() -> settings.without(List.of("a;b"))).hasMessageContaining("a;b");
  }
}
