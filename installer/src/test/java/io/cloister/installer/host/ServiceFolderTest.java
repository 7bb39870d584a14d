package io.cloister.installer.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What root deletes in a folder of the service's own, whatever the service puts there. */
final class ServiceFolderTest {
  @TempDir Path scratch;
  private Path own;
  private Path roots;
  private ServiceFolder folder;

  @BeforeEach
  void aFolderAndOneOfRoots() throws Exception {
    own = Files.createDirectories(scratch.resolve("appliance"));
    Files.createDirectories(own.resolve("db/0.1.0"));
    Files.writeString(own.resolve("db/0.1.0/data"), "kept");
    roots = Files.createDirectories(scratch.resolve("trust"));
    Files.writeString(roots.resolve("timestamp.json"), "signed");
    folder = new ServiceFolder(own);
  }

  @Test
  void allButWhatIsNamedGoesTreesIncluded() throws Exception {
    Files.createDirectories(own.resolve("db/0.0.9/a/b"));
    Files.writeString(own.resolve("db/0.0.9/a/b/c"), "old");
    Files.writeString(own.resolve("db/stray"), "old");
    folder.deleteOthers(List.of("db"), Set.of("0.1.0"));
    assertThat(own.resolve("db")).isDirectoryContaining(each -> each.endsWith("0.1.0"));
    assertThat(own.resolve("db").toFile().list()).hasSize(1);
    assertThat(own.resolve("db/0.1.0/data")).hasContent("kept");
  }

  @Test
  void aLinkIsDeletedAndNothingBehindIt() throws Exception {
    Files.createSymbolicLink(own.resolve("db/link"), roots);
    Files.createDirectories(own.resolve("db/tree"));
    Files.createSymbolicLink(own.resolve("db/tree/link"), roots);
    folder.deleteOthers(List.of("db"), Set.of("0.1.0"));
    assertThat(own.resolve("db").toFile().list()).containsExactly("0.1.0");
    assertThat(roots.resolve("timestamp.json")).exists();
  }

  @Test
  void aLinkInPlaceOfTheFolderIsNotFollowed() throws Exception {
    Files.move(own.resolve("db"), own.resolve("elsewhere"));
    Files.createSymbolicLink(own.resolve("db"), roots);
    assertThatIOException().isThrownBy(() -> folder.deleteOthers(List.of("db"), Set.of()));
    assertThatIOException().isThrownBy(() -> folder.delete(List.of("db"), "timestamp.json"));
    assertThat(roots.resolve("timestamp.json")).exists();
  }

  @Test
  void aPipeIsNotWaitedFor() throws Exception {
    Path pipe = own.resolve("db/0.1.0/pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () ->
            assertThatIOException()
                .isThrownBy(() -> folder.read(List.of("db", "0.1.0"), "pipe"))
                .withMessageContaining("pipe is not a plain file"));
    assertThat(folder.read(List.of("db", "0.1.0"), "data")).asString().isEqualTo("kept");
  }

  @Test
  void foldersWithoutEndAreRefused() throws Exception {
    StringBuilder deep = new StringBuilder("db");
    for (int i = 0; i < 40; i++) {
      deep.append("/x");
    }
    Files.createDirectories(own.resolve(deep.toString()));
    assertThatIOException()
        .isThrownBy(() -> folder.deleteOthers(List.of("db"), Set.of()))
        .withMessageContaining("folders deep");
  }

  @Test
  void whatIsNotThereIsDeletedAlready() throws IOException {
    folder.delete(List.of(), "db.before");
    folder.deleteOthers(List.of("nothing"), Set.of());
    assertThat(own.resolve("db/0.1.0/data")).exists();
  }
}
