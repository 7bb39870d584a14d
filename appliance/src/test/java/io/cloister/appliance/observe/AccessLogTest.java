package io.cloister.appliance.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessLogTest {
  private static final int LINES = 20_000;

  @TempDir Path folder;

  @Test
  void everyLineIsWrittenInOrderWhenItIsClosed() throws Exception {
    try (AccessLog log = AccessLog.open(folder, 8)) {
      for (int i = 0; i < LINES; i++) {
        int number = i;
        log.add(json -> json.writeNumberField("n", number));
      }
    }
    assertThat(Files.readAllLines(folder.resolve("requests.0.0.log")))
        .containsExactlyElementsOf(
            IntStream.range(0, LINES).mapToObj("{\"n\":%d}"::formatted).toList());
  }

  @Test
  void theFilesTogetherKeepWithinTheirSize() throws Exception {
    String filler = "x".repeat(1000);
    try (AccessLog log = AccessLog.open(folder, 1)) {
      for (int i = 0; i < 3000; i++) {
        log.add(json -> json.writeStringField("f", filler));
      }
    }
    List<Path> files;
    try (Stream<Path> found = Files.list(folder)) {
      files = found.filter(file -> file.toString().endsWith(".log")).toList();
    }
    long bytes = 0;
    for (Path file : files) {
      bytes += Files.size(file);
      assertThat(Files.readString(file)).endsWith("}\n");
    }
    assertThat(bytes).isBetween(500L << 10, 2L << 20);
  }
}
