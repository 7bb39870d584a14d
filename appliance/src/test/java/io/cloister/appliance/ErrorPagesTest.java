package io.cloister.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.repo.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ErrorPagesTest {
  private static final Path PAGE = Path.of("../docs/reference/errors.md");
  private static final Path ROOT = Path.of("/srv/trial");
  private static final StartWords WORDS =
      new StartWords(
          new Folders(ROOT, "0.1.0"), Optional.of(ROOT.resolve("opt/cloister/releases/0.1.0")));

  @Test
  void everyStartFaultHasAnExampleInTheErrorReference() throws Exception {
    String page = Files.readString(PAGE);
    for (StartFault fault : StartFaults.all()) {
      Problem problem = WORDS.problem(fault);
      int section = page.indexOf("\n## " + problem.code() + "\n");
      assertThat(section)
          .as("section of %s; its example:\n%s", problem.code(), problem.text())
          .isPositive();
      assertThat(page.substring(section)).contains("```\n" + problem.text() + "```\n");
    }
  }

  @Test
  void theExamplesCoverEveryKindOfFault() {
    assertThat(StartFaults.all())
        .extracting(fault -> (Object) fault.getClass())
        .containsExactlyInAnyOrder((Object[]) StartFault.class.getPermittedSubclasses());
  }

  @Test
  void theCommandOfTheAdviceIsOne() {
    var words = new StartWords(new Folders(Path.of("/srv"), "0.1.0"), Optional.empty());
    String next = words.problem(new StartFault.NotSetUp(Path.of("/tls"))).next();
    String command = next.substring("run: cloister-appliance ".length(), next.indexOf(','));
    assertThat(Arguments.parse(List.of(command.split(" ")))).isPresent();
  }

  @Test
  void adviceIsQuotedForTheShellItIsPastedInto() {
    var words = new StartWords(new Folders(Path.of("/srv/my trial"), "0.1.0"), Optional.empty());
    assertThat(words.problem(new StartFault.NotSetUp(Path.of("/tls"))).next())
        .isEqualTo(
            "run: cloister-appliance setup --root '/srv/my trial' --release 0.1.0,"
                + " then run: cloister --root '/srv/my trial' start");
  }
}
