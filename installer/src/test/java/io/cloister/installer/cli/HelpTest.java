package io.cloister.installer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.installer.testing.Operator;
import io.cloister.repo.testing.Golden;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The help that the command prints is the one in the documents. */
final class HelpTest {
  private static final Path PAGES = Golden.docs().resolve("reference/cli");
  private static final List<String> COMMANDS =
      List.of(
          "verify",
          "preflight",
          "install",
          "update",
          "rollback",
          "status",
          "models",
          "token",
          "start",
          "stop",
          "repair",
          "recover",
          "backup",
          "restore",
          "uninstall",
          "support",
          "policy");

  @Test
  void theCommandPrintsItsPage() throws IOException {
    String help = Operator.at(Path.of("/none")).typesExactly("--help").out();
    Golden.check(PAGES.resolve("cloister.txt"), help);
    assertThat(help).contains(COMMANDS);
  }

  @Test
  void everyCommandPrintsItsPage() throws IOException {
    for (String command : COMMANDS) {
      checkPage(command);
    }
    checkPage("support", "collect");
    checkPage("policy", "show");
    checkPage("policy", "set");
    checkPage("models", "list");
    checkPage("models", "tune");
    checkPage("models", "untune");
    checkPage("token", "create");
    checkPage("token", "list");
    checkPage("token", "revoke");
  }

  private static void checkPage(String... command) throws IOException {
    var words = new ArrayList<>(List.of(command));
    words.add("--help");
    String help = Operator.at(Path.of("/none")).typesExactly(words.toArray(String[]::new)).out();
    Golden.check(PAGES.resolve("cloister-" + String.join("-", command) + ".txt"), help);
  }
}
