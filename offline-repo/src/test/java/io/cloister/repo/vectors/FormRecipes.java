package io.cloister.repo.vectors;

import static io.cloister.repo.vectors.Recipe.accepted;
import static io.cloister.repo.vectors.Recipe.one;
import static io.cloister.repo.vectors.Recipe.refused;
import static io.cloister.repo.vectors.Recipe.replace;

import io.cloister.repo.media.Delta;
import io.cloister.repo.metadata.Sha256;
import io.cloister.repo.publish.PublishOptions;
import io.cloister.repo.testing.SigningRepository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Media in every form, and faults of volume sets, deltas and parity. */
final class FormRecipes {
  private static final String ONE = "volume-1-of-3";
  private static final String TWO = "volume-2-of-3";
  private static final String THREE = "volume-3-of-3";
  private static final Form SET = Form.of("good-volumes", ONE, TWO, THREE);
  private static final Form DELTA = Form.of("good-delta").on(Form.GOOD);
  private static final Form PARITY = Form.of("good-parity");
  private static final long VOLUME_BYTES = 540_000;

  private FormRecipes() {}

  static Stream<Recipe> all() {
    return Stream.of(good(), volumes(), filesOfVolumes(), deltas(), parity(), tooMuchForParity())
        .flatMap(each -> each);
  }

  private static Stream<Recipe> good() {
    return Stream.of(
        base(
            Form.of(Form.NOTHING, "medium.tar"),
            "good-bundle",
            "no fault: the content of good as a bundle",
            folder ->
                VectorRecipes.vendor(folder.resolve("vendor"))
                    .publish(folder.resolve("out/medium.tar"), PublishOptions.BUNDLE)),
        base(
            Form.of(Form.NOTHING, ONE, TWO, THREE),
            "good-volumes",
            "no fault: a set of three volumes",
            folder ->
                parts(folder.resolve("vendor"))
                    .publish(
                        folder.resolve("out"), PublishOptions.FOLDER.withVolumes(VOLUME_BYTES))),
        base(
            Form.of(Form.NOTHING).on(Form.GOOD),
            "good-delta",
            "no fault: version 1.1.0 on a machine that has version 1.0.0",
            folder ->
                newer(folder.resolve("vendor"))
                    .publish(
                        folder.resolve("out"),
                        PublishOptions.FOLDER.withSince(VectorRecipes.DIGITS.toString()))),
        base(
            Form.of(Form.NOTHING),
            "good-parity",
            "no fault: a medium with parity",
            folder ->
                parts(folder.resolve("vendor"))
                    .publish(folder.resolve("out"), PublishOptions.FOLDER.withParity(50))));
  }

  /** A vector of its own files; {@code publish} writes them to {@code out}. */
  static Recipe base(Form form, String name, String what, Recipe.Change publish) {
    return new Recipe(
        Vector.of(name, what, Vector.NONE, Optional.empty(), form),
        scratch -> {
          if (form.media().contains("medium.tar")) {
            Files.createDirectories(scratch.resolve("out"));
          }
          publish.change(scratch);
          return scratch.resolve("out");
        });
  }

  static SigningRepository parts(Path folder) throws Exception {
    Map<String, byte[]> files = new TreeMap<>();
    for (int i = 0; i < 6; i++) {
      byte[] part = new byte[3000 + i];
      new Random(i).nextBytes(part);
      files.put("part-" + i, part);
    }
    return SigningRepository.create(folder).add(VectorRecipes.DIGITS, files);
  }

  private static SigningRepository newer(Path folder) throws Exception {
    Map<String, byte[]> files = new TreeMap<>(VectorRecipes.content());
    files.put("labels.txt", "0 1 2 3 4 5 6 7 8 9".getBytes(StandardCharsets.UTF_8));
    return VectorRecipes.vendor(folder).add(SigningRepository.model("digits", "1.1.0"), files);
  }

  private static Stream<Recipe> volumes() {
    return Stream.of(
        accepted(
            Form.of("good-volumes", THREE, ONE, TWO),
            "accepted-volumes-any-order",
            "no fault: the last volume first",
            _ -> {}),
        refused(
            Form.of("good-volumes", ONE, THREE),
            "form",
            "volumes-one-missing",
            "MEDIA-VOLUME-MISSING",
            "the second of three volumes is not given",
            _ -> {}),
        refused(
            Form.of("good-volumes", ONE, TWO, THREE, "other"),
            "form",
            "volumes-of-two-sets",
            "MEDIA-VOLUME-SET",
            "a medium that is no volume of the set is given with it",
            folder -> Vector.lay(Form.GOOD, folder.resolve("other"))));
  }

  private static Stream<Recipe> filesOfVolumes() {
    return Stream.of(
        note("format-2", "a format of later", "\"format\":1", "\"format\":2"),
        note("number", "the fourth of three volumes", "\"volume\":1", "\"volume\":4"),
        refused(
            SET,
            "blob",
            "volumes-blob-changed",
            "MEDIA-DAMAGED",
            "one bit of a blob of the second volume",
            folder -> flip(one(folder.resolve(TWO + "/blobs")))),
        refused(
            SET,
            "list",
            "volumes-list-wrong-digest",
            "MEDIA-DAMAGED",
            "README.txt of the third volume is not what its SHA256SUMS says",
            folder -> replace(folder.resolve(THREE + "/README.txt"), text -> text + "x")),
        accepted(
            SET,
            "accepted-volumes-digests-lie",
            "no fault: volume.json names other first blobs; it decides nothing where all are there",
            folder ->
                note(
                    folder.resolve(ONE + "/volume.json"),
                    text ->
                        text.replaceAll(
                            "\"first\":\"[0-9a-f]+", "\"first\":\"" + "0".repeat(64)))));
  }

  private static Recipe note(String name, String fault, String good, String bad) {
    return refused(
        SET,
        "form",
        "volumes-note-" + name,
        "MEDIA-MANIFEST",
        fault,
        folder -> replace(folder.resolve(ONE + "/volume.json"), text -> text.replace(good, bad)));
  }

  private static Stream<Recipe> deltas() {
    return Stream.of(
        refused(
            Form.of("good-delta"),
            "delta",
            "delta-base-absent",
            "MEDIA-BASE-ABSENT",
            "a machine that has nothing",
            _ -> {}),
        refused(
            DELTA,
            "delta",
            "delta-format-2",
            "MEDIA-MANIFEST",
            "a format of later",
            folder ->
                replace(
                    folder.resolve("delta.json"),
                    text -> text.replace("\"format\":1", "\"format\":2"))),
        refused(
            DELTA,
            "blob",
            "delta-blob-missing",
            "MEDIA-MISSING",
            "a blob that the base does not have is not there",
            folder -> Files.delete(one(folder.resolve("blobs")))),
        accepted(
            Form.FOLDER,
            "accepted-delta-of-what-is-there",
            "no fault: delta.json, which nobody signed, says that all blobs are left out",
            folder -> {
              String manifest = String.valueOf(one(folder.resolve("targets")).getFileName());
              Sha256 digest = new Sha256(manifest.substring(0, 64));
              var base = new TreeMap<>(Map.of(VectorRecipes.DIGITS.toString(), digest));
              Files.write(folder.resolve(Delta.FILE), new Delta(base, 2, 3029).encode());
            }));
  }

  private static Stream<Recipe> parity() {
    return Stream.of(
        accepted(
            PARITY,
            "accepted-parity-blob-changed",
            "one bit of a blob; parity makes it again",
            folder -> flip(one(folder.resolve("blobs")))),
        accepted(
            PARITY,
            "accepted-parity-blob-missing",
            "a blob is not there; parity makes it again",
            folder -> Files.delete(one(folder.resolve("blobs")))),
        accepted(
            PARITY,
            "accepted-parity-unknown-code",
            "no fault: a code that this version does not know, and blobs that do not need it",
            folder ->
                note(folder.resolve("parity.json"), text -> text.replace("cauchy", "of-later"))));
  }

  private static Stream<Recipe> tooMuchForParity() {
    return Stream.of(
        refused(
            PARITY,
            "blob",
            "parity-too-little",
            "MEDIA-MISSING",
            "more blobs are gone than parity can make again",
            folder -> {
              delete(folder.resolve("blobs"));
              Files.delete(one(folder.resolve("parity")));
            }),
        refused(
            PARITY,
            "blob",
            "parity-lies",
            "MEDIA-DAMAGED",
            "a changed blob, and a parity.json that says the stream is shorter",
            folder -> {
              flip(one(folder.resolve("blobs")));
              note(
                  folder.resolve("parity.json"),
                  text -> text.replaceFirst("\"bytes\":[0-9]+", "\"bytes\":4096"));
            }));
  }

  /** Changes a file at the top, and its line of SHA256SUMS. */
  private static void note(Path file, UnaryOperator<String> change) throws IOException {
    String before = Sha256.of(Files.readAllBytes(file)).hex();
    replace(file, change);
    String after = Sha256.of(Files.readAllBytes(file)).hex();
    replace(file.resolveSibling("SHA256SUMS"), text -> text.replace(before, after));
  }

  private static void delete(Path folder) throws IOException {
    for (String file : Vector.files(folder)) {
      Files.delete(folder.resolve(file));
    }
  }

  private static void flip(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }
}
