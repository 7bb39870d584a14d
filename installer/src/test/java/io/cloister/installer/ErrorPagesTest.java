package io.cloister.installer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every code has its page, with an example that is exactly what is printed. */
final class ErrorPagesTest {
  private static final Path PAGE = Path.of("../docs/reference/errors.md");

  @Test
  void everyRefusalHasItsSectionWithTheTextItPrints() throws IOException {
    String page = Files.readString(PAGE);
    Stream<InstallRefusal> findings = Findings.ALL.stream().map(InstallRefusal.Unfit::new);
    for (InstallRefusal refusal : Stream.concat(Refusals.ALL.stream(), findings).toList()) {
      var problem = new InstallRefusalWords(Refusals.SITUATION).problem(refusal);
      assertThat(page).contains("## " + problem.code() + "\n");
      assertThat(page).contains("```\n" + problem.text() + "```\n");
    }
  }

  @Test
  void noKindOfRefusalIsLeftOut() {
    assertThat(kinds(Refusals.ALL)).isEqualTo(allKinds(InstallRefusal.class));
    assertThat(kinds(Findings.ALL)).isEqualTo(allKinds(HostFinding.class));
  }

  private static Set<Class<?>> kinds(List<?> shown) {
    return shown.stream().map(Object::getClass).collect(Collectors.toSet());
  }

  private static Set<Class<?>> allKinds(Class<?> sealed) {
    return Arrays.stream(sealed.getPermittedSubclasses()).collect(Collectors.toSet());
  }
}
