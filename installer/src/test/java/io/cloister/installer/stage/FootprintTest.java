package io.cloister.installer.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.cloister.installer.host.HostPaths;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is taken away, whatever the service or a changed journal names. */
final class FootprintTest {
  @TempDir Path scratch;
  private HostPaths paths;
  private Path others;

  @BeforeEach
  void aHostWithDataOfTheService() throws Exception {
    paths = new HostPaths(scratch.resolve("host"));
    others = Files.createDirectories(scratch.resolve("host/etc/0.1.0"));
    Files.writeString(others.resolve("file"), "untouched");
    Files.createDirectories(paths.databases().resolve("0.1.0"));
    Files.createDirectories(paths.keptDatabase());
  }

  @Test
  void ofTheDataOnlyWhatWasHandedOverIsKept() throws Exception {
    Footprint.whole(paths, Optional.empty(), true).remove(paths);
    assertThat(paths.databases().toFile().list()).containsExactly("kept");
  }

  @Test
  void aLinkThatTheServicePutsInPlaceOfItsDatabasesIsNotFollowed() throws Exception {
    Footprint all = Footprint.whole(paths, Optional.empty(), true);
    Files.move(paths.databases(), paths.databases().resolveSibling("elsewhere"));
    Files.createDirectories(paths.root().resolve("etc/kept"));
    Files.createSymbolicLink(paths.databases(), paths.root().resolve("etc"));
    all.remove(paths);
    assertThat(others.resolve("file")).hasContent("untouched");
  }

  @Test
  void aJournalThatLeadsOutOfOurFoldersIsRefused() throws Exception {
    Files.createDirectories(paths.journal());
    String up = paths.programs() + "/../../etc/0.1.0";
    Files.writeString(
        paths.journal().resolve("install.json"),
        "{\"format\":1,\"trees\":[\"" + up + "\"],\"folders\":[]}");
    assertThatIOException()
        .isThrownBy(() -> Footprint.findBegun(paths))
        .withMessageContaining("names what is not ours");
  }
}
