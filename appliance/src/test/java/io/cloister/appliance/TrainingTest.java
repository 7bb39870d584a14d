package io.cloister.appliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.appliance.observe.JsonLog;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingTest {
  @TempDir Path folder;
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();

  private void train() throws Exception {
    JsonLog lines = new JsonLog(new PrintStream(log, true, StandardCharsets.UTF_8));
    Training.run(folder, lines, InstantSource.system(), new SecureRandom());
  }

  @Test
  void itsModelIsAcceptedAndServedInBothLives() throws Exception {
    train();
    assertThat(log.toString(StandardCharsets.UTF_8).lines())
        .filteredOn(line -> line.contains("\"event\":\"first_apply\""))
        .hasSize(2)
        .allMatch(line -> line.contains("\"applied\":true"));
    assertThat(log.toString(StandardCharsets.UTF_8).lines())
        .filteredOn(line -> line.contains("\"path\":\"/v2/models/training/infer\""))
        .allMatch(line -> line.contains("\"listener\":\"console\""));
  }

  @Test
  void itTouchesNoFolderInWhichSomethingLies() throws Exception {
    Path file = Files.writeString(folder.resolve("mine"), "");
    assertThatThrownBy(this::train).isInstanceOf(DirectoryNotEmptyException.class);
    assertThat(folder).isDirectoryContaining(file::equals);
  }
}
