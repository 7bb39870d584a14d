package io.cloister.bundle.assemble;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveTest {
  private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir Path folder;

  @Test
  void theSameContentGivesTheSameBytes() throws IOException {
    Path content = folder.resolve("content");
    Files.createDirectories(content.resolve("bin"));
    Folders.makeExecutable(Files.writeString(content.resolve("bin/run"), "#!/bin/sh\n"));
    Files.writeString(content.resolve("text"), "words");
    Archive.write(content, "top", TIME, folder.resolve("first.tar.gz"));

    FileTime later = FileTime.from(TIME.plusSeconds(12345));
    Files.setLastModifiedTime(content.resolve("text"), later);
    Archive.write(content, "top", TIME, folder.resolve("second.tar.gz"));

    assertThat(folder.resolve("second.tar.gz"))
        .hasSameBinaryContentAs(folder.resolve("first.tar.gz"));
  }

  @Test
  void aClassPathJarIsTheSameEveryTime() throws IOException {
    for (String name : List.of("first.jar", "second.jar")) {
      ClassPathJar.write(folder.resolve(name), "io.cloister.Main", List.of("b.jar", "a.jar"));
    }
    assertThat(folder.resolve("second.jar")).hasSameBinaryContentAs(folder.resolve("first.jar"));
  }
}
