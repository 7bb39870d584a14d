package io.cloister.appliance.soak;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * What a server holds.
 *
 * @param heapKib Java heap of the objects that are reachable, counted while the server stands
 *     still: what it allocated since a collection says how busy it is, not how it grows
 * @param residentKib memory of the server, without workers
 * @param files open files and connections
 * @param threads of the operating system
 */
public record Sample(long heapKib, long residentKib, long files, long threads) {

  /** Of a process that is a JVM, by this JDK's own tools. */
  public static Sample of(long pid) throws IOException, InterruptedException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    String histogram = run(jcmd, pid, "GC.class_histogram");
    Path process = Path.of("/proc/" + pid);
    List<String> status = Files.readAllLines(process.resolve("status"));
    try (Stream<Path> open = Files.list(process.resolve("fd"))) {
      return new Sample(
          heapKib(histogram), field(status, "VmRSS:"), open.count(), field(status, "Threads:"));
    }
  }

  /** From the last line: {@code Total INSTANCES BYTES}. */
  private static long heapKib(String histogram) {
    String text = histogram.stripTrailing();
    return Long.parseLong(text.substring(text.lastIndexOf(' ') + 1)) >> 10;
  }

  private static String run(String jcmd, long pid, String command)
      throws IOException, InterruptedException {
    Process process = new ProcessBuilder(jcmd, Long.toString(pid), command).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(command + " failed: " + said);
    }
    return said;
  }

  private static long field(List<String> status, String name) {
    return status.stream().filter(line -> line.startsWith(name)).mapToLong(Sample::number).sum();
  }

  private static long number(String text) {
    return Long.parseLong(text.replaceFirst("\\D*(\\d+)(?s:.*)", "$1"));
  }

  /** The least of some samples, part by part. */
  public static Sample least(List<Sample> some) {
    return new Sample(
        least(some, Sample::heapKib),
        least(some, Sample::residentKib),
        least(some, Sample::files),
        least(some, Sample::threads));
  }

  private static long least(List<Sample> some, ToLongFunction<Sample> part) {
    return some.stream().mapToLong(part).min().orElseThrow();
  }
}
