package io.cloister.installer.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What leads to a path, with links as they are. */
final class TrailTest {
  @TempDir Path temporary;
  private Path folder;

  @BeforeEach
  void withoutLinksAbove() throws IOException {
    folder = temporary.toRealPath();
  }

  private static List<Path> paths(Trail trail) {
    return trail.steps().stream().map(Trail.Step::path).toList();
  }

  @Test
  void whatIsNotThereEndsIt() throws IOException {
    Trail trail = Trail.to(folder.resolve("a/b"));
    assertThat(paths(trail)).startsWith(Path.of("/")).endsWith(folder);
    assertThat(trail.broken()).isEmpty();
  }

  @Test
  void aFileEndsItToo() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThat(paths(Trail.to(file.resolve("a/b")))).endsWith(file);
  }

  @Test
  void aLinkIsThereAndWhatItLeadsThrough() throws IOException {
    Files.createDirectories(folder.resolve("disk/data/inner"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("disk/../disk/data"));
    Trail trail = Trail.to(link.resolve("inner/new"));
    assertThat(paths(trail))
        .contains(link, folder.resolve("disk"), folder.resolve("disk/data"))
        .endsWith(folder.resolve("disk/data/inner"));
    assertThat(trail.steps()).filteredOn(Trail.Step::link).hasSize(1);
    assertThat(trail.broken()).isEmpty();
  }

  @Test
  void aLinkToNothingIsBroken() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("gone/away"));
    assertThat(Trail.to(link.resolve("inner")).broken()).contains(link);
  }

  @Test
  void aCircleIsBroken() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("link"));
    assertThat(Trail.to(link.resolve("inner")).broken()).contains(link);
  }

  @Test
  void theStickyBitIsPartOfTheMode() throws IOException {
    Path open = Files.createDirectory(folder.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThat(Trail.to(open).steps().getLast().mode()).isEqualTo(0777);
    assertThat(Trail.to(Path.of("/tmp")).steps().getLast().mode()).isEqualTo(01777);
  }
}
