package io.cloister.repo.client;

import static io.cloister.repo.testing.SigningRepository.NOW;
import static io.cloister.repo.testing.SigningRepository.key;
import static io.cloister.repo.testing.SigningRepository.model;

import io.cloister.repo.RefusedException;
import io.cloister.repo.content.Progress;
import io.cloister.repo.media.Medium;
import io.cloister.repo.media.Sha256Sums;
import io.cloister.repo.media.VolumePrompt;
import io.cloister.repo.metadata.Sha256;
import io.cloister.repo.testing.RawTar;
import io.cloister.repo.testing.RawTar.Part;
import io.cloister.repo.testing.SigningRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A small medium of one form, faultless until something is done to its files.
 *
 * @param media what is given to the reader, in this order
 * @param existing what the machine has
 */
record MutationSubject(
    Path folder, List<Path> media, List<Path> files, Anchor anchor, ExistingChunks existing) {
  private static final Path VECTORS = Path.of("../docs/format/vectors");

  /** One of each form, below an empty folder. */
  static List<MutationSubject> all(Path scratch) throws Exception {
    Anchor anchor =
        new Anchor.RootDigest(
            Sha256.of(Files.readAllBytes(VECTORS.resolve("good/metadata/1.root.json"))));
    List<MutationSubject> all = new ArrayList<>();
    all.add(delegated(scratch.resolve("delegated")));
    for (String name :
        List.of(
            "good",
            "good-bundle",
            "good-volumes",
            "good-volume-bundles",
            "good-delta",
            "good-parity")) {
      all.add(at(copy(VECTORS.resolve(name), scratch.resolve(name)), anchor, base(anchor)));
    }
    return all;
  }

  private static MutationSubject delegated(Path folder) throws Exception {
    SigningRepository vendor = SigningRepository.create(folder.resolve("vendor"));
    vendor.add(model("digits", "1.0.0"), Map.of("model.onnx", new byte[5000]));
    Path medium = folder.resolve("medium");
    vendor.publish(medium).delegate("models", "model-*", key(11));
    return at(medium, vendor.anchor(), ExistingChunks.NONE);
  }

  /** What the vector {@code good-delta} leaves out. */
  private static ExistingChunks base(Anchor anchor) throws Exception {
    Map<Sha256, byte[]> chunks = new HashMap<>();
    try (Medium good = Medium.folder(VECTORS.resolve("good"))) {
      List<VerifiedPackage> packages =
          MediumClient.open(good, TrustStore.inMemory(anchor), NOW).refresh().packages();
      new PackageReader(good, packages)
          .deliver(
              PackageReader.chunks(packages),
              (chunk, plain) -> {
                synchronized (chunks) {
                  chunks.put(chunk.sha256(), plain.clone());
                }
              });
    }
    return chunk -> Optional.ofNullable(chunks.get(chunk.sha256()));
  }

  private static MutationSubject at(Path folder, Anchor anchor, ExistingChunks existing)
      throws IOException {
    List<Path> media = list(folder, "volume-");
    List<Path> bundle = list(folder, "medium.tar");
    try (Stream<Path> all = Files.walk(folder)) {
      return new MutationSubject(
          folder,
          media.isEmpty() ? bundle.isEmpty() ? List.of(folder) : bundle : media,
          all.filter(Files::isRegularFile).sorted().toList(),
          anchor,
          existing);
    }
  }

  private static List<Path> list(Path folder, String prefix) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(each -> String.valueOf(each.getFileName()).startsWith(prefix))
          .sorted()
          .toList();
    }
  }

  private static Path copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.filter(Files::isRegularFile).toList()) {
        Path place = to.resolve(from.relativize(each));
        Files.createDirectories(place.resolveSibling(""));
        Files.copy(each, place);
      }
    }
    Files.deleteIfExists(to.resolve("expect.json"));
    return to;
  }

  void verify() throws RefusedException {
    try (Medium medium = Medium.open(media, VolumePrompt.NOBODY)) {
      MediumClient client = MediumClient.open(medium, TrustStore.inMemory(anchor), NOW);
      client.verifyAll(client.refresh(), existing, Progress.SILENT);
    }
  }

  /** What a reader may let pass: it is never looked at, or is mended. */
  boolean isHarmless(Path file, byte[] original, byte[] changed) {
    String name = folder.relativize(file).toString();
    if (!name.endsWith(".tar")) {
      return isHarmless(file, name);
    }
    List<Part> before = RawTar.parts(original);
    List<Part> after = RawTar.parts(changed);
    boolean same = before.size() == after.size();
    for (int i = 0; same && i < before.size(); i++) {
      Part part = before.get(i);
      same =
          part.name().equals(after.get(i).name())
              && (Arrays.equals(part.content(), after.get(i).content())
                  || isHarmless(file, part.name()));
    }
    return same;
  }

  private boolean isHarmless(Path file, String name) {
    // A line of SHA256SUMS may be missing: it is for people, and is signed by other means.
    boolean list = name.endsWith(Sha256Sums.FILE);
    boolean mended = Files.exists(folder.resolve("parity")) && name.matches("(blobs|parity)/.*");
    boolean unread = name.matches("(.*/)?targets/.*") && !file.startsWith(media.getFirst());
    return list || mended || unread;
  }
}
