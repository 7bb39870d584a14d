package io.cloister.repo.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cloister.repo.metadata.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What we publish is a repository of The Update Framework: python-tuf's client reads it. */
final class PythonTufReadsMediaTest {
  private static final Path MODULES = Path.of("target/python-tuf").toAbsolutePath();
  private static final String ONLINE = " --key @/rsa.pem --key @/ed25519.pem";

  @TempDir Path folder;
  private Typed vendor = new Typed(Path.of(""), Instant.EPOCH);

  /** What python3 printed, and whether it ended well. */
  private record Answer(boolean trusted, List<String> lines) {}

  private Answer python(String... arguments) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of("python3"));
    line.addAll(List.of(arguments));
    ProcessBuilder python = new ProcessBuilder(line).redirectErrorStream(true);
    python.environment().put("PYTHONPATH", MODULES.toString());
    python.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    Process process = python.start();
    List<String> lines = process.inputReader().lines().toList();
    return new Answer(process.waitFor() == 0, lines);
  }

  private Answer reads(String medium, String... names) throws Exception {
    String reader =
        Path.of(Objects.requireNonNull(getClass().getResource("/python-tuf/read.py")).toURI())
            .toString();
    List<String> words = new ArrayList<>(List.of(reader, folder.resolve(medium).toString()));
    words.add(folder.resolve("repo/metadata/1.root.json").toString());
    words.addAll(List.of(names));
    return python(words.toArray(String[]::new));
  }

  @BeforeEach
  void aVendorWithKeysOfEveryKind() throws Exception {
    assumeTrue(
        Files.exists(MODULES) && python("-c", "import tuf.ngclient, cryptography").trusted(),
        "no python-tuf here: scripts/test gets it");
    vendor = new Typed(folder, Instant.now().truncatedTo(ChronoUnit.SECONDS));
    for (String kind : List.of("ed25519", "ecdsa", "rsa", "ml-dsa-87")) {
      vendor.type("key generate --kind " + kind + " @/" + kind + ".pem");
      Files.writeString(
          folder.resolve(kind + ".pub"), vendor.type("key public @/" + kind + ".pem"));
    }
    vendor.type(
        "init @/repo --root @/ed25519.pem --root @/ecdsa.pem --root @/rsa.pem"
            + " --threshold root=2 --targets @/rsa.pem --targets @/ml-dsa-87.pem"
            + " --threshold targets=1 --snapshot @/ed25519.pem --timestamp @/ed25519.pem");
    Files.writeString(Files.createDirectory(folder.resolve("content")).resolve("f"), "content");
    add("runtime", "linux-x64");
    add("model", "vision-a");
    vendor.type(
        "delegate @/repo models/vision --path model-vision-*.json --key @/ecdsa.pub"
            + " --key @/ed25519.pub");
    vendor.type("sign @/repo" + ONLINE + " --key @/ecdsa.pem --key @/ml-dsa-87.pem");
  }

  private void add(String kind, String name) {
    vendor.type("add @/repo @/content --kind " + kind + " --name " + name + " --version 1.0.0");
  }

  private String line(String manifest) throws IOException {
    try (var found =
        Files.find(
            folder.resolve("medium/targets"), 1, (path, _) -> path.toString().endsWith(manifest))) {
      byte[] bytes = Files.readAllBytes(found.findFirst().orElseThrow());
      return manifest + " " + Sha256.of(bytes) + " " + bytes.length;
    }
  }

  @Test
  void rolesOfClassicalKeysAndWhatTheyDelegateTo() throws Exception {
    vendor.type("publish @/repo @/medium");
    Answer answer =
        reads(
            "medium",
            "runtime-linux-x64-1.0.0.json",
            "model-vision-a-1.0.0.json",
            "model-vision-b-1.0.0.json");
    assertThat(answer.lines())
        .contains(
            line("runtime-linux-x64-1.0.0.json"),
            line("model-vision-a-1.0.0.json"),
            "model-vision-b-1.0.0.json is no target",
            "root version 1",
            "timestamp version 1",
            "models/vision version 1");
    assertThat(answer.trusted()).isTrue();
  }

  @Test
  void aRotatedRootAndAKeyThatChanged() throws Exception {
    vendor.type("rotate @/repo timestamp --add @/rsa.pub");
    vendor.type("rotate @/repo snapshot --add @/ecdsa.pub --threshold 2");
    vendor.type("sign @/repo" + ONLINE + " --key @/ecdsa.pem");
    vendor.type("publish @/repo @/medium");
    assertThat(reads("medium").lines()).contains("root version 2", "snapshot version 2");
  }

  @Test
  void whatItRefusesAsWell() throws Exception {
    vendor.type("publish @/repo @/medium");
    Path timestamp = folder.resolve("medium/metadata/timestamp.json");
    String signed = Files.readString(timestamp);
    assertThat(signed).contains("\"version\":1}");
    Files.writeString(timestamp, signed.replace("\"version\":1}", "\"version\":9}"));
    Answer answer = reads("medium");
    assertThat(answer.trusted()).isFalse();
    assertThat(answer.lines()).last().asString().contains("UnsignedMetadataError");
  }
}
