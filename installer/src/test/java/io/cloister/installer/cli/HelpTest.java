package io.cloister.installer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.installer.testing.Operator;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The help that the command prints is the one in the documents. */
final class HelpTest {
  private static final Path PAGES = Path.of("../docs/reference/cli");
  private static final List<String> COMMANDS =
      List.of(
          "verify",
          "install",
          "update",
          "rollback",
          "status",
          "start",
          "stop",
          "uninstall",
          "support");

  @Test
  void theCommandPrintsItsPage() {
    String help = Operator.at(Path.of("/none")).typesExactly("--help").out();
    assertThat(PAGES.resolve("cloister.txt")).hasContent(help);
    assertThat(help).contains(COMMANDS);
  }

  @Test
  void everyCommandPrintsItsPage() {
    for (String command : COMMANDS) {
      String help = Operator.at(Path.of("/none")).typesExactly(command, "--help").out();
      assertThat(PAGES.resolve("cloister-" + command + ".txt")).hasContent(help);
    }
  }
}
