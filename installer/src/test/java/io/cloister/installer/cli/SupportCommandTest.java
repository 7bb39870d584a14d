package io.cloister.installer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloister.installer.activate.Patience;
import io.cloister.installer.console.Surroundings;
import io.cloister.installer.support.SupportWords;
import io.cloister.installer.testing.SoundFacts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SupportCommandTest {
  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... arguments) {
    Surroundings pipe =
        new Surroundings(
            out,
            err,
            InputStream.nullInputStream(),
            Map.of(),
            StandardCharsets.UTF_8,
            false,
            false,
            false,
            () -> 0);
    var line = new ArrayList<>(List.of(arguments));
    line.addFirst("support");
    var machine = SoundFacts.machine();
    var edge = new Edge(pipe, Instant.parse("2026-11-22T21:06:00Z"), machine, Patience.USUAL);
    return Cloister.run(edge, line.toArray(String[]::new));
  }

  private String output() {
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void itWritesAnArchiveAndSaysWhatItCouldNotCollect() throws IOException {
    Files.createDirectories(folder.resolve("etc/cloister"));
    Path archive = folder.resolve("a.tar.gz");
    int exit = run("collect", "--root", folder.toString(), "--output", archive.toString());
    assertThat(exit).isZero();
    assertThat(archive).isRegularFile();
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    assertThat(output())
        .startsWith("collect\ncollect: done in 0:00\nsupport archive: " + archive + "\n")
        .contains("11 entries, 0 redactions; INDEX.json lists both\n")
        .contains("slots.json          no such file\n");
  }

  @Test
  void aProgramIsToldInJson() throws IOException {
    Files.createDirectories(folder.resolve("etc/cloister"));
    Path archive = folder.resolve("a.tar.gz");
    run("collect", "--json", "--root", folder.toString(), "--output", archive.toString());
    var result = new ObjectMapper().readTree(output().lines().toList().getLast()).path("result");
    assertThat(result.path("archive").asText()).isEqualTo(archive.toString());
    assertThat(result.at("/not_collected/0/entry").asText()).isEqualTo("acceptance.json");
  }

  @Test
  void aFileThatIsThereIsNeverReplaced() throws IOException {
    Files.createDirectories(folder.resolve("etc/cloister"));
    Path archive = Files.writeString(folder.resolve("a.tar.gz"), "evidence");
    assertThat(run("collect", "--root", folder.toString(), "--output", archive.toString()))
        .isEqualTo(2);
    assertThat(archive).hasContent("evidence");
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("[SUPPORT-EXISTS]");
  }

  @Test
  void aFolderThatIsMissingIsNamed() throws IOException {
    Files.createDirectories(folder.resolve("etc/cloister"));
    Path archive = folder.resolve("none/a.tar.gz");
    assertThat(run("collect", "--root", folder.toString(), "--output", archive.toString()))
        .isEqualTo(4);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("the folder does not exist");
  }

  @Test
  void aFolderWithoutAnInstallationIsNotMistakenForOne() {
    assertThat(run("collect", "--root", folder.toString())).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("[SUPPORT-NO-INSTALLATION]");
  }

  @Test
  void theErrorsReadAsTheReferencePageShows() throws IOException {
    Path output = Path.of("/srv/case-17.tar.gz");
    assertThat(SupportWords.exists(output).text()).isEqualTo(golden("SUPPORT-EXISTS"));
    assertThat(SupportWords.unwritable(output, new IOException("No space left on device")).text())
        .isEqualTo(golden("SUPPORT-UNWRITABLE"));
    assertThat(SupportWords.nothing(Path.of("/srv/trial")).text())
        .isEqualTo(golden("SUPPORT-NO-INSTALLATION"));
  }

  private static String golden(String code) throws IOException {
    String name = "/errors/" + code + ".txt";
    try (InputStream file = SupportCommandTest.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new AssertionError("no golden file " + name);
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
