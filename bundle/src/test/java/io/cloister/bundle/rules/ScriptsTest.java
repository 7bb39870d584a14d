package io.cloister.bundle.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Scripts are short and say what they do. */
class ScriptsTest {
  private static final int LINES_MAX = 150;

  @Test
  void everyScriptPrintsItsUsage() throws IOException, InterruptedException {
    for (Path script : SourceTree.scripts()) {
      Process process =
          new ProcessBuilder(SourceTree.ROOT.resolve(script).toString(), "-h")
              .directory(SourceTree.ROOT.toFile())
              .redirectErrorStream(true)
              .start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as("%s -h: %s", script, output).isZero();
      assertThat(output).as("%s -h", script).startsWith("usage: " + script);
    }
  }

  @Test
  void everyScriptIsShort() {
    assertThat(SourceTree.scripts())
        .isNotEmpty()
        .allSatisfy(
            script ->
                assertThat(SourceTree.text(script).lines().count())
                    .as("lines of %s", script)
                    .isLessThanOrEqualTo(LINES_MAX))
        .allMatch(script -> Files.isExecutable(SourceTree.ROOT.resolve(script)));
  }
}
