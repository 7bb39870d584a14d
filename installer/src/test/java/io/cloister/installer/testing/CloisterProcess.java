package io.cloister.installer.testing;

import io.cloister.installer.cli.Cloister;
import io.cloister.installer.console.Surroundings;
import io.cloister.installer.testing.Operator.Seen;
import io.cloister.repo.RefusedCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The operator's command in a process of its own: one that can be killed, or that has no more leave
 * than its user.
 *
 * @param prefix what starts it
 */
public record CloisterProcess(Operator operator, List<String> prefix) {
  /** Without these two the superuser, too, may do only what permissions say (capabilities(7)). */
  private static final String CAPABILITIES = "-dac_override,-dac_read_search";

  public CloisterProcess(Operator operator) {
    this(operator, List.of());
  }

  CloisterProcess unprivileged() {
    return System.getProperty("user.name").equals("root")
        ? new CloisterProcess(
            operator,
            List.of("setpriv", "--bounding-set=" + CAPABILITIES, "--inh-caps=" + CAPABILITIES))
        : this;
  }

  /** Starts it below the operator's root; its output goes nowhere. */
  public Process start(String... words) throws IOException {
    return builder(Operator.below(operator.root(), words))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /**
   * On a terminal of its own.
   *
   * @param columns 0 where it does not know its size
   */
  public PseudoTerminal onATerminal(String type, int columns, String... words) throws IOException {
    return PseudoTerminal.open(
        type, columns, builder(Operator.below(operator.root(), words)).command());
  }

  /** What a shell types to call it. */
  public static String shellCommand() {
    return RefusedCommand.shell(new CloisterProcess(Operator.at(Path.of("/"))).builder().command());
  }

  /** What it printed, and how it ended. */
  public Seen run(String... line) throws IOException, InterruptedException {
    Path out = Files.createTempFile("cloister", ".out");
    Path err = Files.createTempFile("cloister", ".err");
    try {
      int exit =
          builder(line).redirectOutput(out.toFile()).redirectError(err.toFile()).start().waitFor();
      return new Seen(exit, Files.readString(out), Files.readString(err));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  private ProcessBuilder builder(String... line) {
    var words = new ArrayList<>(prefix);
    words.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    words.addAll(List.of("-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
    words.addAll(List.of("-cp", System.getProperty("java.class.path")));
    words.add(CloisterProcess.class.getName());
    words.addAll(List.of(line));
    return new ProcessBuilder(words);
  }

  /** At the same hour and on the same machine as every {@link Operator#at}. */
  public static void main(String[] line) {
    var operator = Operator.at(Path.of("/"));
    System.exit(Cloister.run(operator.edge(Surroundings.ofProcess()), line));
  }
}
