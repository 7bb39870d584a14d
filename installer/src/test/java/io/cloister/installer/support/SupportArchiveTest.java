package io.cloister.installer.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.repo.metadata.Sha256;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SupportArchiveTest {
  @TempDir Path folder;
  private Installation installation;
  private Path output;

  @BeforeEach
  void install() throws IOException {
    installation = new Installation(Files.createDirectory(folder.resolve("root")));
    output = folder.resolve("archive.tar.gz");
  }

  @Test
  void itHoldsEveryPartAndAnIndexWithDigests() throws Exception {
    Unpacked archive = installation.collect(output);
    assertThat(archive.entries().keySet())
        .containsExactly(
            "INDEX.json",
            "SHA256SUMS",
            "acceptance.json",
            "deployment.json",
            "digests.json",
            "host.json",
            "logs/appliance.log",
            "metrics.json",
            "settings.json",
            "slots.json",
            "status.json",
            "trust.json",
            "versions.json");
    for (JsonNode line : archive.json("INDEX.json").path("entries")) {
      String name = line.path("name").asText();
      byte[] content = archive.bytes(name);
      assertThat(line.path("sha256").asText()).isEqualTo(Sha256.of(content).hex());
      assertThat(line.path("length").asInt()).isEqualTo(content.length);
      assertThat(archive.text("SHA256SUMS")).contains(Sha256.of(content).hex() + "  " + name);
    }
  }

  @Test
  void aHealthyInstallationIsToldWithoutLoss() throws Exception {
    Unpacked archive = installation.collect(output);
    assertThat(archive.json("deployment.json"))
        .isEqualTo(HostFiles.parseJson(Files.readAllBytes(installation.paths.deployment("0.1.0"))));
    assertThat(archive.json("slots.json"))
        .isEqualTo(HostFiles.parseJson(Files.readAllBytes(installation.paths.slots())));
    assertThat(archive.json("settings.json").at("/listeners/inference/port").asInt())
        .isEqualTo(8443);
    assertThat(archive.json("settings.json").at("/limits/request_seconds").asInt()).isEqualTo(30);
    assertThat(archive.json("versions.json").path("current").asText()).isEqualTo("0.1.0");
    assertThat(archive.json("versions.json").at("/releases/0/platform").asText())
        .isEqualTo("linux-x64");
    assertThat(archive.json("trust.json").at("/metadata/0/signed/version").asInt()).isEqualTo(7);
    assertThat(archive.json("host.json").path("kernel").asText()).isNotEmpty();
    assertThat(archive.json("host.json").at("/disks/data/bytes_free").asLong()).isPositive();
    assertThat(archive.text("logs/appliance.log"))
        .isEqualTo(Files.readString(installation.paths.log()));
    for (JsonNode found : archive.json("digests.json").path("packages")) {
      assertThat(found.path("files_differing").asInt()).isZero();
      assertThat(found.path("manifest_named").asBoolean()).isTrue();
    }
  }

  @Test
  void aStoppedApplianceIsSaidAndDoesNotEndTheArchive() throws Exception {
    Unpacked archive = installation.collect(output);
    assertThat(archive.index("status.json").path("outcome").asText()).isEqualTo("failed");
    assertThat(archive.json("status.json").path("not_collected").asText())
        .isEqualTo("the appliance does not run: it has no operator socket");
  }

  @Test
  void aRunningApplianceIsAsked() throws Exception {
    try (FakeAppliance _ = FakeAppliance.at(installation.paths.socket("0.1.0"))) {
      Unpacked archive = installation.collect(output);
      JsonNode status = archive.json("status.json");
      assertThat(status.at("/models/0/state").asText()).isEqualTo("failed");
      assertThat(status.path("wanted_generation").asInt()).isEqualTo(4);
      assertThat(status.path("refused").toString())
          .isEqualTo(
              "{\"model\":\"digits\",\"version\":\"1.1.0\",\"reason\":\"1 of 4 golden rows failed\"}");
      assertThat(archive.json("metrics.json").at("/responses/inference/404").asInt()).isEqualTo(5);
      assertThat(archive.json("metrics.json").at("/models/0/latency_ms/p99").asDouble())
          .isEqualTo(2.5);
      JsonNode faults = archive.json("acceptance.json").at("/reports/0/faults");
      assertThat(faults.findValuesAsText("expected").getFirst()).isEqualTo("3");
      assertThat(faults.findValuesAsText("expected").getLast()).isEqualTo("FP32 [1,10]");
      assertThat(faults.findValuesAsText("got"))
          .containsExactly("NaN", "-1.5", "<redacted:unexpected_value>");
    }
  }

  @Test
  void aChangedFileAndAMissingOneAreListed() throws Exception {
    Path model = installation.paths.model("digits", "1.0.0").resolve("model.onnx");
    Files.writeString(model, "version=1.0.0\nplatform=linux-x64\nmodel.onnX\n");
    Files.delete(installation.paths.release("0.1.0").resolve("bin/java"));
    JsonNode packages = installation.collect(output).json("digests.json").path("packages");
    assertThat(packages.at("/0/mismatches/0/file").asText()).isEqualTo("bin/java");
    assertThat(packages.at("/0/mismatches/0/actual").asText()).isEqualTo("nothing");
    assertThat(packages.at("/1/mismatches/0/file").asText()).isEqualTo("model.onnx");
    assertThat(packages.at("/1/mismatches/0/actual").asText()).startsWith("sha256 ");
  }

  @Test
  void whateverPartIsMissingOrCorruptTheRestIsCollected() throws Exception {
    for (Path broken :
        Stream.of(
                installation.paths.slots(),
                installation.paths.deployment("0.1.0"),
                installation.paths.settings(),
                installation.paths.log(),
                installation.paths.trust().resolve("timestamp.json"),
                installation.paths.model("digits", "1.0.0").resolve("manifest.json"))
            .toList()) {
      Files.writeString(broken, "{\"a\": \"" + Seeds.PASSWORD + "\", \u0000");
    }
    Unpacked corrupt = installation.collect(output);
    assertThat(corrupt.json("slots.json").path("not_collected").asText()).startsWith("malformed");
    assertThat(corrupt.entries()).hasSize(13);
    assertThat(Seeds.in(corrupt.tar())).isEmpty();

    deleteAll(installation.paths.root());
    Unpacked empty = installation.collect(folder.resolve("empty.tar.gz"));
    assertThat(empty.json("slots.json").path("not_collected").asText()).isEqualTo("no such file");
    assertThat(empty.index("host.json").path("outcome").asText()).isEqualTo("whole");
  }

  private static void deleteAll(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      for (Path each : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        if (!each.equals(root)) {
          Files.delete(each);
        }
      }
    }
  }

  @Test
  void onlyTheEndOfALongLogIsTaken() throws Exception {
    String line = "{\"level\":\"INFO\",\"message\":\"one\"}\n";
    Files.writeString(installation.paths.log(), line.repeat((5 << 20) / line.length()));
    Unpacked archive = installation.collect(output);
    assertThat(archive.text("logs/appliance.log")).hasSizeLessThan(4 << 20).startsWith(line);
    assertThat(archive.index("logs/appliance.log").path("outcome").asText()).isEqualTo("tail");
  }

  @Test
  void whatTheLogWasBeforeItWasBegunAnewComesFirst() throws Exception {
    String line = "{\"level\":\"INFO\",\"message\":\"before\"}\n";
    Files.writeString(installation.paths.logBefore(), line.repeat((5 << 20) / line.length()));
    Unpacked archive = installation.collect(output);
    assertThat(archive.text("logs/appliance.log"))
        .hasSizeLessThan(4 << 20)
        .startsWith(line)
        .endsWith(Files.readString(installation.paths.log()));
    assertThat(archive.index("logs/appliance.log").path("outcome").asText()).isEqualTo("tail");
  }

  @Test
  void theSameInstallationAtTheSameTimeGivesTheSameBytes() throws Exception {
    Unpacked one = installation.collect(output);
    Unpacked two = installation.collect(folder.resolve("two.tar.gz"));
    one.entries().keySet().stream()
        // Free memory and disk change while a test runs.
        .filter(name -> !name.equals("host.json") && !name.contains("SUM") && !name.contains("IND"))
        .forEach(name -> assertThat(one.bytes(name)).isEqualTo(two.bytes(name)));
    assertThat(one.entries().keySet()).containsExactlyElementsOf(two.entries().keySet());
  }

  @Test
  void itIsForItsOwnerAloneAndNeverReplacesAFile() throws Exception {
    installation.collect(output);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(output)))
        .isEqualTo("rw-------");
    byte[] before = Files.readAllBytes(output);
    assertThatThrownBy(() -> installation.collect(output))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(output).hasBinaryContent(before);
    assertThat(folder).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void anOutputThatCannotBeWrittenLeavesNothingBehind() {
    assertThatThrownBy(() -> installation.collect(installation.paths.log().resolve("x.tar.gz")))
        .isInstanceOf(IOException.class);
    assertThat(installation.paths.logs()).isDirectoryNotContaining("glob:**.part");
  }
}
