package io.cloister.appliance.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A process and all that it started. */
public record ProcessTree(long pid) {
  /** Of USER_HZ, which is 100 wherever Linux runs today (proc(5), {@code /proc/PID/stat}). */
  private static final long NANOS_PER_TICK = 10_000_000;

  private static final int USER_TIME = 11;

  public static ProcessTree own() {
    return new ProcessTree(ProcessHandle.current().pid());
  }

  private Stream<ProcessHandle> all() {
    return ProcessHandle.of(pid).stream()
        .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()));
  }

  /** Processor time of all of them so far, in user and system mode. */
  public long cpuNanos() {
    return all().mapToLong(process -> ticks(process.pid())).sum() * NANOS_PER_TICK;
  }

  private static long ticks(long process) {
    try {
      String stat = Files.readString(Path.of("/proc/" + process + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[USER_TIME + 1]);
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Proportional set size of all of them, in KiB. */
  public long memoryKib() {
    return all().mapToLong(process -> memoryKib(process.pid())).sum();
  }

  private static long memoryKib(long process) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + process + "/smaps_rollup"))) {
      return lines
          .filter(line -> line.startsWith("Pss:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
          .sum();
    } catch (IOException e) {
      return 0;
    }
  }
}
