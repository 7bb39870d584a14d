package io.cloister.installer.effects;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.installer.effects.Operation.Stage;
import io.cloister.installer.host.Folders;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.testing.FakeRelease;
import io.cloister.installer.testing.Operator;
import io.cloister.installer.testing.Operator.Seen;
import io.cloister.installer.testing.TestMedium;
import io.cloister.repo.content.Kind;
import io.cloister.repo.testing.FaultyFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One machine below a folder, brought to where an operation begins as often as one likes. Of each
 * {@link Stage} there is a copy, made once by the operations themselves.
 */
final class Laboratory {
  private final Path scratch;
  private final Path root;
  private final Map<Stage, Path> copies = new EnumMap<>(Stage.class);
  private final Path first;
  private final Path otherModel;
  private final Path second;
  private final String anchor;

  Laboratory(Path scratch) throws Exception {
    this.scratch = scratch;
    root = Files.createDirectories(scratch.resolve("host"));
    Files.writeString(root.resolve("somebody-elses"), "untouched");
    TestMedium vendor =
        new TestMedium(scratch.resolve("vendor"))
            .add(Kind.RUNTIME, "linux-x64", "0.1.0", FakeRelease.write(content("r1"), "0.1.0"))
            .add(Kind.MODEL, "digits", "1.0.0", FakeRelease.model(content("m1"), "first"));
    anchor = vendor.anchor();
    first = vendor.folder();
    vendor.add(Kind.MODEL, "digits", "1.1.0", FakeRelease.model(content("m2"), "second"));
    otherModel = vendor.folder();
    vendor.add(Kind.RUNTIME, "linux-x64", "0.2.0", FakeRelease.write(content("r2"), "0.2.0"));
    second = vendor.folder();
    keep(Stage.BARE);
    makes(Operation.FIRST_INSTALL);
    makes(Operation.UPDATE_OF_THE_RUNTIME);
    makes(Operation.UNINSTALL_KEEPING_DATA);
  }

  private Path content(String name) {
    return scratch.resolve("content").resolve(name);
  }

  private void makes(Operation operation) throws Exception {
    Seen seen = does(operation, FaultyFileSystem.sound());
    assertThat(seen.err()).isEmpty();
    types("stop");
    keep(operation.to());
  }

  private void keep(Stage stage) throws IOException {
    copies.put(stage, scratch.resolve("copy-of-" + stage));
    copy(root, copyOf(stage));
  }

  HostPaths paths() {
    return new HostPaths(root);
  }

  /** Where the stage's copy lies, to be compared with. */
  Path copyOf(Stage stage) {
    return requireNonNull(copies.get(stage));
  }

  /** An empty folder beside the machine. */
  Path shadow() throws IOException {
    Folders.delete(scratch.resolve("shadow"));
    return Files.createDirectory(scratch.resolve("shadow"));
  }

  /** The machine as it was then, running. */
  void restore(Stage stage) throws IOException {
    Folders.delete(root);
    copy(copyOf(stage), root);
    if (stage.serves()) {
      assertThat(types("start").err()).isEmpty();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : (Iterable<Path>) all::iterator) {
        Files.copy(
            each,
            to.resolve(from.relativize(each)),
            StandardCopyOption.COPY_ATTRIBUTES,
            LinkOption.NOFOLLOW_LINKS);
      }
    }
  }

  /** A command on a disk that has nothing. */
  Seen types(String... words) {
    return on(FaultyFileSystem.sound()).types(words);
  }

  Seen does(Operation operation, FaultyFileSystem disk) throws IOException {
    return on(disk).types(words(operation));
  }

  private Operator on(FaultyFileSystem disk) {
    return Operator.at(root).on(disk.fileSystem());
  }

  private String[] words(Operation operation) throws IOException {
    return switch (operation) {
      case FIRST_INSTALL, INSTALL_OVER_KEPT_DATA -> Operator.installing(first, anchor);
      case UPDATE_OF_A_MODEL -> new String[] {"update", otherModel.toString()};
      case UPDATE_OF_THE_RUNTIME -> new String[] {"update", second.toString()};
      case ROLLBACK -> new String[] {"rollback"};
      case UNINSTALL -> new String[] {"uninstall"};
      case UNINSTALL_KEEPING_DATA -> new String[] {"uninstall", "--keep-data"};
    };
  }

  /** Processes of this machine, whatever they do. */
  List<ProcessHandle> processes() {
    return ProcessHandle.current()
        .descendants()
        .filter(ProcessHandle::isAlive)
        .filter(each -> each.info().commandLine().orElse("").contains(root + "/"))
        .toList();
  }

  void killProcesses() {
    for (ProcessHandle each : processes()) {
      each.destroyForcibly();
      each.onExit().join();
    }
  }
}
