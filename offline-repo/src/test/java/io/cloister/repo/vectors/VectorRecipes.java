package io.cloister.repo.vectors;

import static io.cloister.repo.testing.SigningRepository.NOW;
import static io.cloister.repo.testing.SigningRepository.key;
import static io.cloister.repo.testing.SigningRepository.model;

import com.github.luben.zstd.Zstd;
import io.cloister.repo.content.PackageId;
import io.cloister.repo.keys.SigningKey;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.metadata.Sha256;
import io.cloister.repo.testing.MediumEditor;
import io.cloister.repo.testing.SigningRepository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** How the vectors were made; a vector that is there is never made again. */
final class VectorRecipes {
  static final PackageId DIGITS = model("digits", "1.0.0");
  private static final SigningKey STRANGER = key(99);

  /** Spoils a good medium. */
  @FunctionalInterface
  private interface Recipe {
    void spoil(MediumEditor medium) throws Exception;
  }

  private record Entry(Vector vector, Recipe recipe) {}

  private VectorRecipes() {}

  /** The same vendor, keys and content each time. */
  static SigningRepository vendor(Path folder) throws Exception {
    byte[] graph = new byte[3000];
    new Random(1).nextBytes(graph);
    byte[] rows = "golden rows ".repeat(300).getBytes(StandardCharsets.UTF_8);
    return SigningRepository.create(folder)
        .add(DIGITS, Map.of("model.onnx", graph, "golden.json", rows));
  }

  /** Makes those that are not there. */
  static void makeMissing(Path scratch) throws Exception {
    if (!Files.exists(Vector.good())) {
      Files.createDirectories(Vector.FOLDER);
      vendor(scratch.resolve("good")).publish(Vector.good());
    }
    for (Entry each : entries().toList()) {
      Path folder = scratch.resolve(each.vector().name());
      if (!Files.exists(Vector.FOLDER.resolve(each.vector().name()))) {
        MediumEditor editor = vendor(folder).publish(folder.resolve("medium"));
        each.recipe().spoil(editor);
        each.vector().write(editor.medium());
      }
    }
  }

  static Stream<String> names() {
    return entries().map(each -> each.vector().name());
  }

  private static Stream<Entry> entries() {
    return Stream.of(accepted(), signatures(), json(), manifests(), blobs(), lists())
        .flatMap(each -> each);
  }

  private static Entry refused(
      String layer, String name, String code, String fault, Recipe recipe) {
    return new Entry(
        new Vector(name, fault, layer, Optional.of(code), List.of(), Optional.empty()), recipe);
  }

  private static Entry accepted(String name, String what, Recipe recipe) {
    return new Entry(
        new Vector(name, what, "none", Optional.empty(), List.of(), Optional.empty()), recipe);
  }

  private static Stream<Entry> accepted() {
    return Stream.of(
        accepted(
            "accepted-newer",
            "no fault: timestamp one version on",
            m -> m.edit(RoleType.TIMESTAMP, role -> role.put("version", 2))),
        accepted(
            "accepted-unknown-field",
            "no fault: a signed field that this version does not know",
            m -> m.edit(RoleType.TARGETS, role -> role.putObject("x-later").put("a", 1))),
        accepted(
            "accepted-rotated-root",
            "no fault: root 2, signed by the old root key and the new one",
            m -> m.rotate(RoleType.ROOT, key(7))),
        new Entry(
            new Vector(
                "metadata-rollback",
                "timestamp older than the one accepted before",
                "metadata",
                Optional.of("TRUST-ROLLBACK"),
                List.of(),
                Optional.of("accepted-newer")),
            _ -> {}));
  }

  private static Stream<Entry> signatures() {
    return Stream.of(
        metadata(
            "unsigned",
            "TRUST-THRESHOLD",
            "timestamp has no signature",
            m -> m.edit(RoleType.TIMESTAMP, _ -> {}, List.of())),
        metadata(
            "stranger",
            "TRUST-THRESHOLD",
            "targets is signed by a key nobody named",
            m -> m.edit(RoleType.TARGETS, _ -> {}, List.of(STRANGER))),
        metadata(
            "expired",
            "TRUST-EXPIRED",
            "snapshot expired a second before the clock",
            m ->
                m.edit(
                    RoleType.SNAPSHOT,
                    role -> role.put("expires", NOW.minusSeconds(1).toString()))),
        metadata(
            "root-not-signed-by-old",
            "TRUST-THRESHOLD",
            "root 2 lacks the old root's key",
            m -> {
              m.rotate(RoleType.ROOT, key(7));
              m.edit(RoleType.ROOT, _ -> {}, List.of(key(7)));
            }),
        metadata(
            "threshold-one-of-two",
            "TRUST-THRESHOLD",
            "one key of two signed timestamp",
            m -> {
              m.rekey(RoleType.TIMESTAMP, List.of(key(7), key(8)));
              m.edit(RoleType.TIMESTAMP, _ -> {}, List.of(key(7)));
            }),
        metadata(
            "mixed",
            "TRUST-MIX",
            "a snapshot that timestamp does not describe",
            m -> replace(m.file(RoleType.SNAPSHOT), text -> text.replace("1.0.34", "1.0.35"))));
  }

  private static Stream<Entry> json() {
    return Stream.of(
        metadata(
            "duplicate-key",
            "TRUST-FORMAT",
            "a JSON key stands twice in timestamp",
            m -> timestamp(m, text -> text.replaceFirst("\\{", "{\"signatures\":[],"))),
        metadata(
            "deep",
            "TRUST-FORMAT",
            "10,000 nested arrays",
            m -> timestamp(m, _ -> "[".repeat(10_000))),
        metadata(
            "huge-number",
            "TRUST-FORMAT",
            "a version beyond 64 bits",
            m ->
                timestamp(
                    m,
                    text ->
                        text.replaceFirst("\"version\":1", "\"version\":99999999999999999999"))),
        metadata(
            "not-a-number",
            "TRUST-FORMAT",
            "NaN where a version belongs",
            m -> timestamp(m, text -> text.replaceFirst("\"version\":1", "\"version\":NaN"))),
        metadata(
            "trailing",
            "TRUST-FORMAT",
            "bytes after the document",
            m -> timestamp(m, text -> text + "{}")),
        metadata(
            "upper-case-signature",
            "TRUST-THRESHOLD",
            "a signature in upper-case digits",
            m -> timestamp(m, VectorRecipes::upperCase)),
        metadata(
            "not-utf-8",
            "TRUST-FORMAT",
            "an overlong encoding of NUL",
            m ->
                Files.write(
                    m.file(RoleType.TIMESTAMP), new byte[] {'"', (byte) 0xC0, (byte) 0x80, '"'})),
        metadata(
            "too-long",
            "MEDIA-LIMIT",
            "timestamp is one byte over 65,536",
            m -> timestamp(m, text -> text + " ".repeat(65_537 - text.length()))));
  }

  private static Stream<Entry> manifests() {
    return Stream.of(
        manifest(
            "format-2", "a format of later", text -> text.replace("\"format\":1", "\"format\":2")),
        manifest("climbs", "a file named ../x", text -> text.replace("model.onnx", "../x")),
        manifest("absolute", "a file named /x", text -> text.replace("model.onnx", "/x")),
        manifest("backslash", "a file named a\\b", text -> text.replace("model.onnx", "a\\\\b")),
        manifest("colon", "a file named c:x", text -> text.replace("model.onnx", "c:x")),
        manifest("nul", "a file name with NUL", text -> text.replace("model.onnx", "a\\u0000b")),
        manifest("trailing-dot", "a file named x.", text -> text.replace("model.onnx", "x.")),
        manifest(
            "same-but-for-case",
            "two names that differ in case",
            text -> text.replace("model.onnx", "Golden.json")),
        manifest(
            "gap",
            "a chunk that does not begin where it should",
            text -> text.replaceFirst("\"offset\":0", "\"offset\":1")),
        manifest(
            "other-package",
            "the manifest of another package",
            text -> text.replace("\"digits\"", "\"digitz\"")),
        refused(
            "manifest",
            "manifest-changed",
            "MEDIA-DAMAGED",
            "a changed byte",
            m -> replace(one(m, "targets"), text -> text.replace("model.onnx", "model.onny"))));
  }

  private static Stream<Entry> blobs() {
    return Stream.of(
        refused(
            "blob",
            "blob-missing",
            "MEDIA-MISSING",
            "a blob is not there",
            m -> Files.delete(one(m, "blobs"))),
        refused(
            "blob",
            "blob-truncated",
            "MEDIA-LENGTH",
            "a blob is a byte short",
            m -> blob(m, bytes -> Arrays.copyOf(bytes, bytes.length - 1))),
        refused(
            "blob",
            "blob-longer",
            "MEDIA-LENGTH",
            "a blob is a byte long",
            m -> blob(m, bytes -> Arrays.copyOf(bytes, bytes.length + 1))),
        refused(
            "blob",
            "blob-changed",
            "MEDIA-DAMAGED",
            "one bit of a blob",
            m -> blob(m, VectorRecipes::flip)),
        refused(
            "blob",
            "blob-bomb",
            "MEDIA-COMPRESSION",
            "a frame that holds more than stated",
            m -> zstd(m, Zstd.compress(new byte[1 << 20], 1), 4096, "0".repeat(64))),
        refused(
            "blob",
            "blob-no-frame",
            "MEDIA-COMPRESSION",
            "signed bytes that are no zstd frame",
            m -> zstd(m, new byte[100], 4096, "0".repeat(64))),
        refused(
            "blob",
            "blob-other-content",
            "MEDIA-DAMAGED",
            "a frame of other bytes than stated",
            m -> zstd(m, Zstd.compress(new byte[4096], 1), 4096, "0".repeat(64))));
  }

  private static Stream<Entry> lists() {
    return Stream.of(
        refused(
            "list",
            "list-wrong-digest",
            "MEDIA-DAMAGED",
            "README.txt is not what SHA256SUMS says",
            m -> replace(m.medium().resolve("README.txt"), text -> text + "x")),
        refused(
            "list",
            "list-missing",
            "MEDIA-MISSING",
            "no SHA256SUMS",
            m -> Files.delete(m.medium().resolve("SHA256SUMS"))));
  }

  private static Entry metadata(String name, String code, String fault, Recipe recipe) {
    return refused("metadata", "metadata-" + name, code, fault, recipe);
  }

  /** Properly signed, as by a vendor who errs. */
  private static Entry manifest(String name, String fault, UnaryOperator<String> change) {
    return refused(
        "manifest",
        "manifest-" + name,
        "MEDIA-MANIFEST",
        fault,
        m -> {
          String good = Files.readString(one(m, "targets"));
          m.replaceManifest(DIGITS, change.apply(good).getBytes(StandardCharsets.UTF_8));
        });
  }

  private static void zstd(MediumEditor medium, byte[] frame, int length, String plain)
      throws Exception {
    Sha256 digest = medium.putBlob(frame);
    String manifest =
        """
        {"created":"2026-11-22T00:00:00Z","files":[{"chunks":[{"length":%d,"offset":0,"sha256":"%s",\
        "zstd":{"length":%d,"sha256":"%s"}}],"executable":false,"length":%d,"name":"a","sha256":"%s"}],\
        "format":1,"kind":"model","name":"digits","version":"1.0.0"}"""
            .formatted(length, plain, frame.length, digest, length, plain);
    medium.replaceManifest(DIGITS, manifest.getBytes(StandardCharsets.UTF_8));
  }

  private static void timestamp(MediumEditor medium, UnaryOperator<String> change)
      throws IOException {
    replace(medium.file(RoleType.TIMESTAMP), change);
  }

  private static void replace(Path file, UnaryOperator<String> change) throws IOException {
    Files.writeString(file, change.apply(Files.readString(file)));
  }

  private static void blob(MediumEditor medium, UnaryOperator<byte[]> change) throws IOException {
    Path blob = one(medium, "blobs");
    Files.write(blob, change.apply(Files.readAllBytes(blob)));
  }

  private static byte[] flip(byte[] bytes) {
    bytes[bytes.length / 2] ^= 1;
    return bytes;
  }

  private static String upperCase(String text) {
    int at = text.indexOf("\"sig\":\"") + 7;
    int end = text.indexOf('"', at);
    return text.substring(0, at)
        + text.substring(at, end).toUpperCase(java.util.Locale.ROOT)
        + text.substring(end);
  }

  /** The first file below a folder of the medium. */
  private static Path one(MediumEditor medium, String folder) throws IOException {
    try (Stream<Path> files = Files.walk(medium.medium().resolve(folder))) {
      return files.filter(Files::isRegularFile).sorted().findFirst().orElseThrow();
    }
  }
}
