package io.cloister.repo.publish;

import static io.cloister.repo.testing.SigningRepository.NOW;
import static io.cloister.repo.testing.SigningRepository.model;
import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.repo.client.MediumClient;
import io.cloister.repo.content.Progress;
import io.cloister.repo.media.Medium;
import io.cloister.repo.metadata.Sha256;
import io.cloister.repo.testing.SigningRepository;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person does with a medium before anything of ours runs: the lines in its README. */
final class SignedSumsTest {
  private final BootstrapKey classical = key(BootstrapAlgorithm.P384);
  private final BootstrapKey quantum = key(BootstrapAlgorithm.ML_DSA_87);

  @TempDir private Path folder;
  private SigningRepository vendor;

  private static BootstrapKey key(BootstrapAlgorithm algorithm) {
    return BootstrapKey.generate(algorithm, "Example Vendor", NOW, new SecureRandom());
  }

  @BeforeEach
  void pack() throws Exception {
    vendor = SigningRepository.create(folder.resolve("vendor"));
    vendor.add(model("digits", "1.0.0"), Map.of("model.onnx", new byte[] {1, 2, 3}));
  }

  private Path publish(String name) throws Exception {
    Path medium = folder.resolve(name);
    vendor.publish(medium, PublishOptions.FOLDER.withBootstrapKeys(classical, quantum));
    return medium;
  }

  private static int run(Path medium, String line) throws Exception {
    Process process =
        new ProcessBuilder("sh", "-c", line)
            .directory(medium.toFile())
            .redirectErrorStream(true)
            .start();
    process.getInputStream().readAllBytes();
    return process.waitFor();
  }

  /** Those that every OpenSSL can do. */
  private static List<String> lines(Path medium) throws Exception {
    return Files.readString(medium.resolve("README.txt"))
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith("openssl") || line.startsWith("sha256sum"))
        .filter(line -> !line.contains("mldsa87"))
        .toList();
  }

  @Test
  void theLinesOfTheReadmeProveTheMediumAndNoChangedOne() throws Exception {
    Path medium = publish("medium");
    List<String> lines = lines(medium);
    assertThat(lines).hasSize(4).anyMatch(line -> line.contains("openssl cms -verify"));
    for (String line : lines) {
      assertThat(run(medium, line)).as(line).isZero();
    }
    Path sums = medium.resolve("SHA256SUMS");
    Files.writeString(sums, Files.readString(sums).replace("README.txt", "README.txT"));
    assertThat(lines).anySatisfy(line -> assertThat(run(medium, line)).as(line).isNotZero());
  }

  @Test
  void theReadmeStatesTheFingerprintsAndOurOwnToolsTakeTheMediumToo() throws Exception {
    Path medium = publish("medium");
    String readme = Files.readString(medium.resolve("README.txt"), StandardCharsets.US_ASCII);
    for (BootstrapKey key : List.of(classical, quantum)) {
      assertThat(readme.replaceAll("\\s", "")).contains(key.fingerprint());
    }
    MediumClient client = MediumClient.open(Medium.folder(medium), vendor.trustInMemory(), NOW);
    client.verifyAll(client.refresh(), Progress.SILENT);
  }

  @Test
  void theSameRepositoryPublishesTheSameSignatures() throws Exception {
    assertThat(contents(publish("one"))).isEqualTo(contents(publish("two")));
  }

  private static Map<String, Sha256> contents(Path medium) throws Exception {
    Map<String, Sha256> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(medium)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(medium.relativize(file).toString(), Sha256.of(Files.readAllBytes(file)));
      }
    }
    return contents;
  }
}
