package io.cloister.appliance.observe;

import io.cloister.appliance.inference.ModelState;
import io.cloister.appliance.inference.ModelStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the server's process and the workers take of the machine; read from {@code /proc}. */
final class ProcessMetrics {
  private static final double MILLIS_PER_SECOND = 1e3;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final int KIB = 1024;

  private ProcessMetrics() {}

  /** Names as the Prometheus clients have them ("Process metrics"). */
  static void writeServer(Exposition text) {
    ProcessHandle self = ProcessHandle.current();
    cpuSeconds(self)
        .ifPresent(
            seconds ->
                text.single(
                    "process_cpu_seconds_total",
                    "counter",
                    "Processor time of the server.",
                    seconds));
    residentBytes(self.pid())
        .ifPresent(
            bytes ->
                text.single(
                    "process_resident_memory_bytes", "gauge", "Memory of the server.", bytes));
    openFiles(self.pid())
        .ifPresent(
            files -> text.single("process_open_fds", "gauge", "Open files of the server.", files));
    text.single(
        "process_start_time_seconds",
        "gauge",
        "When the server started.",
        ManagementFactory.getRuntimeMXBean().getStartTime() / MILLIS_PER_SECOND);
    text.single(
        "cloister_heap_used_bytes",
        "gauge",
        "Java heap of the server in use.",
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
  }

  /** One sample for each worker that runs. */
  static void writeWorkers(Exposition text, List<ModelStatus> models) {
    text.each(
        models,
        "cloister_model_ready",
        "gauge",
        "1 where the model version serves.",
        PrometheusText::labels,
        model -> model.state() == ModelState.READY ? 1 : 0);
    List<ModelStatus> running = models.stream().filter(model -> model.pid().isPresent()).toList();
    String memory = "cloister_worker_resident_memory_bytes";
    text.family(memory, "gauge", "Memory of the worker process.");
    for (ModelStatus model : running) {
      residentBytes(model.pid().getAsLong())
          .ifPresent(bytes -> text.sample(memory, PrometheusText.labels(model), bytes));
    }
    String cpu = "cloister_worker_cpu_seconds_total";
    text.family(cpu, "counter", "Processor time of the worker process.");
    for (ModelStatus model : running) {
      ProcessHandle.of(model.pid().getAsLong())
          .flatMap(ProcessMetrics::cpuSeconds)
          .ifPresent(seconds -> text.sample(cpu, PrometheusText.labels(model), seconds));
    }
  }

  private static Optional<Double> cpuSeconds(ProcessHandle process) {
    return process.info().totalCpuDuration().map(Duration::toNanos).map(n -> n / NANOS_PER_SECOND);
  }

  /** {@code VmRSS} (proc_pid_status(5)). */
  private static Optional<Long> residentBytes(long pid) {
    return read(
        () -> {
          try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIB)
                .sum();
          }
        });
  }

  private static Optional<Long> openFiles(long pid) {
    return read(
        () -> {
          try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return files.count();
          }
        });
  }

  private interface Reading {
    long read() throws IOException;
  }

  /** Empty where the process has just ended. */
  private static Optional<Long> read(Reading reading) {
    try {
      return Optional.of(reading.read());
    } catch (IOException | UncheckedIOException e) {
      return Optional.empty();
    }
  }
}
