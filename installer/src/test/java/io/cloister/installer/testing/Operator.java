package io.cloister.installer.testing;

import io.cloister.installer.activate.Patience;
import io.cloister.installer.cli.Cloister;
import io.cloister.installer.cli.Edge;
import io.cloister.installer.console.Surroundings;
import io.cloister.installer.host.Machine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Types commands at a machine whose root is a folder, and reads what comes back. */
public record Operator(Path root, Machine machine, Instant now, FileSystem disk) {
  public static final Patience SHORT =
      new Patience(
          Duration.ofSeconds(20),
          Duration.ofSeconds(10),
          Duration.ofSeconds(20),
          Duration.ofSeconds(20));

  public Operator(Path root, Machine machine, Instant now) {
    this(root, machine, now, FileSystems.getDefault());
  }

  /** What a command printed, and how it ended. */
  public record Seen(int exit, String out, String err) {}

  public static Operator at(Path root) {
    return new Operator(root, SoundFacts.machine(), Instant.parse("2026-06-01T12:00:00Z"));
  }

  /** The host's paths are of that file system. */
  public Operator on(FileSystem other) {
    return new Operator(root, machine, now, other);
  }

  public Seen types(String... words) {
    return typesExactly(below(root, words));
  }

  /** As an ordinary user: permissions hold, also where the tests run as root. */
  public Seen typesUnprivileged(String... words) throws IOException, InterruptedException {
    return new CloisterProcess(this).unprivileged().run(below(root, words));
  }

  static String[] below(Path root, String... words) {
    var line = new ArrayList<>(List.of(words));
    line.addAll(1, List.of("--root", root.toString()));
    return line.toArray(String[]::new);
  }

  /** {@code cloister install} with ports that nobody uses. */
  public Seen installs(Path medium, String anchor, String... more) throws IOException {
    return types(installing(medium, anchor, more));
  }

  /** The words of {@code cloister install} with ports that nobody uses. */
  public static String[] installing(Path medium, String anchor, String... more) throws IOException {
    var line = new ArrayList<>(List.of("install", medium.toString(), "--trusted-root", anchor));
    line.addAll(ports());
    line.addAll(List.of(more));
    return line.toArray(String[]::new);
  }

  /** Options for two ports that nobody uses. */
  public static List<String> ports() throws IOException {
    try (var inference = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var console = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return List.of(
          "--inference",
          "127.0.0.1:" + inference.getLocalPort(),
          "--console",
          "127.0.0.1:" + console.getLocalPort());
    }
  }

  /** Likewise, with bytes that come through a pipe. */
  public Seen pipes(InputStream in, String... words) {
    var line = new ArrayList<>(List.of(words));
    line.addAll(1, List.of("--root", root.toString()));
    return run(in, false, line.toArray(String[]::new));
  }

  /** Likewise, at a terminal, with lines typed when something is asked. */
  public Seen answers(List<String> answers, String... words) {
    var line = new ArrayList<>(List.of(words));
    line.addAll(1, List.of("--root", root.toString()));
    String typed = String.join("", answers.stream().map(answer -> answer + "\n").toList());
    var in = new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8));
    return run(in, true, line.toArray(String[]::new));
  }

  public Seen typesExactly(String... words) {
    return run(new ByteArrayInputStream(new byte[0]), false, words);
  }

  private Seen run(InputStream in, boolean terminal, String... words) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var surroundings =
        new Surroundings(
            out,
            err,
            in,
            Map.of(),
            StandardCharsets.UTF_8,
            terminal,
            false,
            terminal,
            System::nanoTime);
    int exit = Cloister.run(edge(surroundings), words);
    return new Seen(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  Edge edge(Surroundings surroundings) {
    return new Edge(surroundings, now, machine, SHORT, disk);
  }
}
