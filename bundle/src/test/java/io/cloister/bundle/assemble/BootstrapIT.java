package io.cloister.bundle.assemble;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bootstrap as an operator unpacks it, in another place than it was made in. */
class BootstrapIT {
  private static final Path ARCHIVE = Path.of("target/bootstrap-linux-x64.tar.gz").toAbsolutePath();
  private static final String MAIN = "io.cloister.installer.cli.Cloister source: ";
  private static final String FROM_ARCHIVE = MAIN + "shared objects file";

  @TempDir Path scratch;
  private Path home;

  @BeforeEach
  void unpack() throws IOException, InterruptedException {
    home = scratch.resolve("cloister");
    run(List.of("tar", "-xzf", ARCHIVE.toString(), "-C", scratch.toString()));
    // Here Java shall take an option from the environment.
    Path launcher = home.resolve("bin/cloister");
    Files.writeString(launcher, Files.readString(launcher).replaceFirst("(?m)^unset .*$", ""));
  }

  @Test
  void theCommandStartsFromItsClassArchive() throws Exception {
    assertThat(version()).startsWith("cloister ");
    assertThat(loaded()).contains(FROM_ARCHIVE);
  }

  @Test
  void anArchiveThatDoesNotFitIsLeftAloneWithoutAWord() throws Exception {
    Path jar;
    try (var files = Files.list(home.resolve("lib"))) {
      jar = files.filter(file -> file.toString().contains("picocli")).findFirst().orElseThrow();
    }
    Files.setLastModifiedTime(jar, FileTime.from(Instant.EPOCH));
    assertThat(version()).startsWith("cloister ");
    assertThat(loaded()).contains(MAIN).doesNotContain(FROM_ARCHIVE);
  }

  @Test
  void anArchiveThatIsCutOffIsLeftAloneWithoutAWord() throws Exception {
    Files.write(home.resolve(ClassArchive.PLACE), new byte[] {1, 2, 3});
    assertThat(version()).startsWith("cloister ");
    assertThat(loaded()).contains(MAIN).doesNotContain(FROM_ARCHIVE);
  }

  @Test
  void theArchiveIsTheSameBytesWhereverItIsMade() throws Exception {
    Path shipped = home.resolve(ClassArchive.PLACE);
    byte[] first = Files.readAllBytes(shipped);
    crowd(home.resolve("lib"));
    ClassArchive.write(
        home,
        Path.of("src/main/classes/cloister.classes"),
        Files.getLastModifiedTime(shipped).toInstant());
    assertThat(shipped).hasBinaryContent(first);
  }

  /** Gives each jar an inode that falls into the same bin of a hash map as the others'. */
  private void crowd(Path lib) throws IOException {
    Path others = Files.createDirectory(scratch.resolve("others"));
    List<Path> jars;
    try (var files = Files.list(lib)) {
      jars = files.filter(file -> file.toString().endsWith(".jar")).toList();
    }
    for (Path jar : jars) {
      Path place = scratch.resolve("place");
      for (int i = 0; Files.notExists(place) || inode(place) % 64 != 0; i++) {
        assertThat(i).isLessThan(10_000);
        if (Files.exists(place)) {
          Files.move(place, others.resolve(i + " " + jar.getFileName()));
        }
        Files.createFile(place);
      }
      Files.write(place, Files.readAllBytes(jar));
      Files.move(place, jar, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static long inode(Path file) throws IOException {
    return (Long) Files.getAttribute(file, "unix:ino");
  }

  /** What it prints, of which one line is about the option that this test gives. */
  private String version() throws IOException, InterruptedException {
    String said = run(List.of(home.resolve("bin/cloister").toString(), "--version"));
    assertThat(said.lines()).hasSize(2);
    return said.lines().filter(line -> !line.startsWith("Picked up")).findFirst().orElseThrow();
  }

  private String loaded() throws IOException {
    return Files.readString(scratch.resolve("loaded"));
  }

  private String run(List<String> command) throws IOException, InterruptedException {
    Path output = scratch.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder
        .environment()
        .put("_JAVA_OPTIONS", "-Xlog:class+load=info:file=" + scratch.resolve("loaded"));
    int status = builder.start().waitFor();
    String said = Files.readString(output);
    assertThat(status).as(said).isZero();
    return said;
  }
}
