package io.cloister.installer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cloister.installer.host.HostPaths;
import io.cloister.installer.host.Listener;
import io.cloister.installer.stage.SettingsFile;
import io.cloister.installer.testing.FakeRelease;
import io.cloister.installer.testing.Operator;
import io.cloister.installer.testing.Operator.Seen;
import io.cloister.installer.testing.TestMedium;
import io.cloister.repo.content.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An installation that nobody watches. */
final class AnswersTest {
  @TempDir Path scratch;
  private Path root;
  private Path medium;
  private Path file;
  private Operator operator;
  private String anchor;
  private List<String> ports;

  @BeforeEach
  void aMediumAndAFile() throws Exception {
    root = scratch.resolve("host");
    operator = Operator.at(root);
    Path release = FakeRelease.write(scratch.resolve("release"), "0.1.0");
    var vendor =
        new TestMedium(scratch.resolve("vendor")).add(Kind.RUNTIME, "linux-x64", "0.1.0", release);
    medium = vendor.folder();
    anchor = vendor.anchor();
    file = scratch.resolve("answers.yaml");
    ports = Operator.ports();
  }

  @AfterEach
  void nothingKeepsRunning() {
    operator.types("stop");
  }

  private Seen install(String text, String... more) throws Exception {
    if (!text.isEmpty()) {
      Files.writeString(file, text);
    }
    List<String> line =
        new ArrayList<>(List.of("install", medium.toString(), "--answers", file.toString()));
    line.addAll(List.of(more));
    return operator.types(line.toArray(String[]::new));
  }

  private String whole() {
    return """
        # A comment.
        trusted_root: %s
        inference: %s
        console: "%s"
        token_file: %s
        """
        .formatted(anchor, ports.get(1), ports.get(3), scratch.resolve("token"));
  }

  @Test
  void everyAnswerIsTakenFromTheFile() throws Exception {
    Seen seen = install(whole());
    assertThat(seen.err()).isEmpty();
    assertThat(seen.exit()).isZero();
    assertThat(scratch.resolve("token")).hasContent("clst_first\n");
    assertThat(SettingsFile.find(new HostPaths(root)))
        .contains(new SettingsFile(Listener.parse(ports.get(1)), Listener.parse(ports.get(3))));
  }

  @Test
  void anOptionHasTheLastWord() throws Exception {
    Seen seen = install(whole(), "--trusted-root", "sha256:" + "0".repeat(64));
    assertThat(seen.exit()).isEqualTo(3);
    assertThat(seen.err()).contains("[TRUST-ROOT-DIGEST]");
    Seen dry =
        install(
            "console: 127.0.0.1:1\n",
            "--dry-run",
            "--trusted-root",
            anchor,
            ports.get(0),
            ports.get(1),
            ports.get(2),
            ports.get(3));
    assertThat(dry.err()).isEmpty();
    assertThat(dry.exit()).isZero();
    assertThat(root).doesNotExist();
  }

  @Test
  void everythingThatIsWrongIsSaidAtOnceWithItsLine() throws Exception {
    Seen seen =
        install(
            """
            inference: 8443

            consol: 127.0.0.1:9443
            console: [::]:9443
            token_file: token
            token_file: /root/token
            """);
    assertThat(seen.exit()).isEqualTo(2);
    assertThat(seen.err()).contains("[USAGE-ANSWERS]", "line 1    ");
    Seen flow =
        install(
            """
            inference: 8443

            consol: 127.0.0.1:9443
            console: [one, two]
            token_file: token
            token_file: /root/token
            """);
    assertThat(flow.err())
        .contains("line 1    inference: one text is needed, not a number")
        .contains("line 3    unknown: consol; known: trusted_root, inference")
        .contains("line 4    console: one text is needed, not a list (write an address")
        .contains("line 5    token_file: an absolute path is needed, not token")
        .contains("line 6    token_file is answered twice")
        .contains("missing   trusted_root: sha256:HEX, from the vendor's letter")
        .containsOnlyOnce("error:");
    assertThat(root).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "- trusted_root",
        "trusted_root: sha256:12",
        "trusted_root: root.json",
        "trusted_root:",
        "trusted_root: {a: b}",
        "inference: &a 0.0.0.0:1\\nconsole: *a",
        "trusted_root: [",
        "\\ttrusted_root: x",
        "---\\ninference: 0.0.0.0:1\\n---\\nconsole: 0.0.0.0:2",
        "inference: \\0"
      })
  void whatIsNoAnswerIsAUsageError(String text) throws Exception {
    // All that is needed is given: the text itself is the fault.
    Seen seen = install(text.translateEscapes() + "\n", "--trusted-root", anchor);
    assertThat(seen.err()).contains("[USAGE-ANSWERS]").doesNotContain("DEFECT");
    assertThat(seen.exit()).isEqualTo(2);
  }

  @Test
  void theDigestIsNeeded() throws Exception {
    assertThat(install("# nothing but a comment\n").err()).contains("missing   trusted_root");
  }

  @Test
  void aFileThatIsNotThereOrTooLongOrNoFileIsAUsageError() throws Exception {
    assertThat(install("").err()).contains("[USAGE-ANSWERS]", "no such file");
    assertThat(install("#".repeat(100_000)).err()).contains("more than 65536 bytes");
    Files.delete(file);
    Files.createDirectory(file);
    assertThat(install("").err()).contains("a plain file");
  }

  private static void mode(Path path, String mode) throws Exception {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private void exposed(Seen seen, String... words) {
    assertThat(seen.exit()).isEqualTo(3);
    assertThat(seen.err()).contains("[TRUST-ANSWERS]").contains(words);
    assertThat(root).doesNotExist();
  }

  @Test
  void answersThatSomebodyElseCouldHaveWrittenAreRefused() throws Exception {
    Files.writeString(file, whole());
    mode(file, "rw-r--rw-");
    exposed(install(""), "everybody may write to it");
    mode(file, "rw-r--r--");
    Path open = Files.createDirectory(scratch.resolve("open"));
    file = Files.move(file, open.resolve("answers.yaml"));
    mode(open, "rwxrwxrwx");
    exposed(install(""), "at        " + open);
    Path link = Files.createSymbolicLink(scratch.resolve("link.yaml"), file);
    file = link;
    exposed(install(""), "at        " + open);
  }

  @Test
  void aRootFileThatTheyNameIsGuardedAsWell() throws Exception {
    Path rootFile =
        Files.copy(medium.resolve("metadata/1.root.json"), scratch.resolve("root.json"));
    mode(rootFile, "rw-rw-rw-");
    exposed(install("trusted_root: " + rootFile + "\n"), "at        " + rootFile);
    exposed(
        install("trusted_root: " + medium.resolve("metadata/1.root.json") + "\n"),
        "it lies on the medium that it is to prove");
  }

  @Test
  void whereRootInstallsNoOtherUserAndNoGroupHasASay() throws Exception {
    assumeTrue(System.getProperty("user.name").equals("root"), "only root can give files away");
    Files.writeString(file, whole());
    mode(file, "rw-rw-r--");
    exposed(install(""), "its group may write to it");
    mode(file, "rw-r--r--");
    Files.setAttribute(file, "unix:uid", 65534);
    exposed(install(""), "user 65534 owns it");
  }

  @Test
  void theTemplateIsRefusedUntilTheDigestIsFilledIn() throws Exception {
    Seen template = operator.types("install", "--answers-template");
    assertThat(template.exit()).isZero();
    assertThat(install(template.out()).err()).contains("[USAGE-ANSWERS]", "line 7    trusted_root");
    String filled = template.out().replaceFirst("sha256:THE\\S+", anchor);
    assertThat(install(filled, "--dry-run").exit()).isZero();
    assertThat(filled.replace("#inference", "inference").replace("#console", "console"))
        .contains("\ninference: 0.0.0.0:8443\n", "\nconsole: 0.0.0.0:9443\n");
  }
}
