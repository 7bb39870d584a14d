package io.cloister.repo.media;

import static io.cloister.repo.testing.SigningRepository.NOW;
import static io.cloister.repo.testing.SigningRepository.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cloister.repo.MediaRefusal.BadBundle;
import io.cloister.repo.Refusal;
import io.cloister.repo.RefusedException;
import io.cloister.repo.client.Catalog;
import io.cloister.repo.client.MediumClient;
import io.cloister.repo.content.Progress;
import io.cloister.repo.publish.PublishOptions;
import io.cloister.repo.testing.RawTar;
import io.cloister.repo.testing.RawTar.Part;
import io.cloister.repo.testing.SigningRepository;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A good bundle in parts, to be made bad, and what comes of it. */
abstract class TarAttack {
  private static final int GRAPH_BYTES = 200_000;

  @TempDir Path folder;
  SigningRepository vendor;
  byte[] good;
  List<Part> parts;

  @BeforeEach
  void publish() throws Exception {
    vendor = SigningRepository.create(folder.resolve("vendor"));
    byte[] graph = new byte[GRAPH_BYTES];
    new Random(1).nextBytes(graph);
    vendor.add(model("digits", "1.0.0"), Map.of("model.onnx", graph, "card.md", new byte[] {1, 2}));
    Path bundle = folder.resolve("bundle.tar");
    vendor.publish(bundle, PublishOptions.BUNDLE);
    good = Files.readAllBytes(bundle);
    parts = new ArrayList<>(RawTar.parts(good));
  }

  Catalog verify(InputStream in) throws RefusedException {
    try (Medium medium = Medium.pipe(in, VolumePrompt.NOBODY)) {
      MediumClient client = MediumClient.open(medium, vendor.trustInMemory(), NOW);
      Catalog catalog = client.refresh();
      client.verifyAll(catalog, Progress.SILENT);
      return catalog;
    }
  }

  void verify(Path file) throws RefusedException {
    try (Medium medium = Medium.open(List.of(file), VolumePrompt.NOBODY)) {
      MediumClient client = MediumClient.open(medium, vendor.trustInMemory(), NOW);
      client.verifyAll(client.refresh(), Progress.SILENT);
    }
  }

  /** Without the two blocks that end an archive. */
  static void write(RandomAccessFile file, byte[] tar) throws IOException {
    file.write(tar, 0, tar.length - 1024);
  }

  Refusal refusal(InputStream in) {
    RefusedException refused = catchThrowableOfType(RefusedException.class, () -> verify(in));
    assertThat(refused).isNotNull();
    return refused.refusal();
  }

  void refused(String fault) {
    refused(RawTar.stream(parts), fault);
  }

  void refused(InputStream in, String fault) {
    assertThat(refusal(in))
        .isInstanceOfSatisfying(BadBundle.class, it -> assertThat(it.fault()).contains(fault));
  }

  int first(String prefix) {
    return IntStream.range(0, parts.size())
        .filter(i -> parts.get(i).name().startsWith(prefix))
        .findFirst()
        .orElseThrow();
  }

  void insert(String before, Part part) {
    parts.add(first(before), part);
  }
}
