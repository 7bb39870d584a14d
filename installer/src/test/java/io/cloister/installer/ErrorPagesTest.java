package io.cloister.installer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every code has its page, with an example that is exactly what is printed. */
final class ErrorPagesTest {
  private static final Path PAGE = Path.of("../docs/reference/errors.md");

  @Test
  void everyRefusalHasItsSectionWithTheTextItPrints() throws IOException {
    String page = Files.readString(PAGE);
    for (InstallRefusal refusal : Refusals.ALL) {
      var problem = new InstallRefusalWords(Refusals.SITUATION).problem(refusal);
      assertThat(page).contains("## " + problem.code() + "\n");
      assertThat(page).contains("```\n" + problem.text() + "```\n");
    }
  }

  @Test
  void noKindOfRefusalIsLeftOut() {
    Set<Class<?>> shown = Refusals.ALL.stream().map(Object::getClass).collect(Collectors.toSet());
    assertThat(shown)
        .isEqualTo(
            Arrays.stream(InstallRefusal.class.getPermittedSubclasses())
                .collect(Collectors.toSet()));
  }
}
