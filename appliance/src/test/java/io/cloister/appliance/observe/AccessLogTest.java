package io.cloister.appliance.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
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
  void filesThatCannotBeOpenedAtARotationAreOpenedLaterAndThatIsToldOnce() throws Exception {
    Path files = folder.resolve("log");
    List<String> told = new CopyOnWriteArrayList<>();
    Handler listener = new Told(told);
    Logger logger = Logger.getLogger(AccessFiles.class.getName());
    logger.addHandler(listener);
    try (AccessLog log = AccessLog.open(files, 1)) {
      try (Stream<Path> all = Files.walk(files)) {
        for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
      Files.writeString(files, "in the way");
      String filler = "x".repeat(1000);
      for (int i = 0; i < 600; i++) {
        log.add(json -> json.writeStringField("f", filler));
      }
      Files.delete(files);
      log.add(json -> json.writeStringField("f", "after"));
    } finally {
      logger.removeHandler(listener);
    }
    assertThat(Files.readString(files.resolve("requests.0.0.log"))).endsWith("{\"f\":\"after\"}\n");
    assertThat(told)
        .containsExactly(
            "the access log cannot be written, and is tried again",
            "the access log is written again");
  }

  private static final class Told extends Handler {
    private final List<String> told;

    Told(List<String> told) {
      this.told = told;
    }

    @Override
    public void publish(LogRecord record) {
      told.add(record.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
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
