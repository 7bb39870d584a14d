package io.cloister.appliance.inference;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** What a process has taken of the processors. */
final class ProcessorTime {
  private ProcessorTime() {}

  /** To the nanosecond where the kernel tells it (Linux, sched-stats), else in steps of 10 ms. */
  static long nanos(long pid) {
    try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
      List<Path> threads = tasks.toList();
      long nanos = threads.stream().mapToLong(ProcessorTime::ofThread).sum();
      return nanos > 0 ? nanos : steps(pid);
    } catch (IOException | UncheckedIOException e) {
      return steps(pid);
    }
  }

  /** 0 for one that has just ended. */
  private static long ofThread(Path task) {
    try {
      String line = Files.readString(task.resolve("schedstat"));
      return Long.parseLong(line.substring(0, line.indexOf(' ')));
    } catch (IOException e) {
      return 0;
    }
  }

  private static long steps(long pid) {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().totalCpuDuration())
        .orElse(Duration.ZERO)
        .toNanos();
  }
}
