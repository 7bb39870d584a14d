package io.cloister.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.repo.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ErrorPagesTest {
  private static final Path PAGE = Path.of("../docs/reference/errors.md");

  @Test
  void everyStartFaultHasAnExampleInTheErrorReference() throws Exception {
    String page = Files.readString(PAGE);
    for (StartFault fault : StartFaults.all()) {
      Problem problem = StartWords.problem(fault);
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
}
