package io.cloister.installer.console;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What a console may know of the process it runs in; made once, at the edge.
 *
 * @param out results and progress
 * @param err problems
 * @param in answers to questions
 * @param environment {@code TERM} and {@code NO_COLOR} are read
 * @param encoding of the terminal or pipe; anything but UTF-8 is given ASCII
 * @param outIsTerminal whether {@code out} ends at a terminal
 * @param errIsTerminal whether {@code err} ends at a terminal
 * @param inIsTerminal whether a person can answer
 * @param nanoTime as {@link System#nanoTime()}
 */
public record Surroundings(
    OutputStream out,
    OutputStream err,
    InputStream in,
    Map<String, String> environment,
    Charset encoding,
    boolean outIsTerminal,
    boolean errIsTerminal,
    boolean inIsTerminal,
    LongSupplier nanoTime) {

  /** As the kernel names them; {@code tty} begins those of serial lines, too. */
  private static final List<String> terminals =
      List.of("/dev/pts/", "/dev/tty", "/dev/console", "/dev/hvc", "/dev/sclp_line");

  public Surroundings {
    environment = Map.copyOf(environment);
  }

  /** The streams of this process, unbuffered: a console writes whole lines. */
  public static Surroundings ofProcess() {
    return new Surroundings(
        new FileOutputStream(FileDescriptor.out),
        new FileOutputStream(FileDescriptor.err),
        new FileInputStream(FileDescriptor.in),
        System.getenv(),
        encodingOfProcess(),
        isTerminal(1),
        isTerminal(2),
        isTerminal(0),
        System::nanoTime);
  }

  /** Whether {@code in} is that of the process: a terminal there shows what is typed. */
  boolean ownInput() {
    return in instanceof FileInputStream;
  }

  boolean utf8() {
    return encoding.equals(StandardCharsets.UTF_8);
  }

  /** Whether one line can be written over another. */
  boolean redraws() {
    String type = environment.getOrDefault("TERM", "dumb");
    return outIsTerminal && !type.equals("dumb") && !type.isEmpty();
  }

  boolean colours(boolean isTerminal) {
    String type = environment.getOrDefault("TERM", "dumb");
    return isTerminal
        && !type.equals("dumb")
        && !type.isEmpty()
        && environment.getOrDefault("NO_COLOR", "").isEmpty();
  }

  private static Charset encodingOfProcess() {
    String name = System.getProperty("stdout.encoding", System.getProperty("native.encoding", ""));
    return name.equalsIgnoreCase("UTF-8") ? StandardCharsets.UTF_8 : StandardCharsets.US_ASCII;
  }

  /** Asks the kernel by name: loading a terminal library for this would cost more than a status. */
  private static boolean isTerminal(int descriptor) {
    try {
      Path stream = Files.readSymbolicLink(Path.of("/proc/self/fd", Integer.toString(descriptor)));
      return terminals.stream().anyMatch(stream.toString()::startsWith);
    } catch (IOException | RuntimeException unknown) {
      return false;
    }
  }
}
