package io.cloister.repo.vectors;

import static io.cloister.repo.vectors.Recipe.one;
import static io.cloister.repo.vectors.Recipe.refused;
import static io.cloister.repo.vectors.Recipe.replace;

import com.github.luben.zstd.Zstd;
import io.cloister.repo.metadata.Sha256;
import io.cloister.repo.testing.MediumEditor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Faults of manifests, blobs and the list of files. */
final class ContentRecipes {
  private ContentRecipes() {}

  static Stream<Recipe> all() {
    return Stream.of(manifests(), blobs(), frames(), lists()).flatMap(each -> each);
  }

  private static Stream<Recipe> manifests() {
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

  private static Stream<Recipe> blobs() {
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
            m -> blob(m, ContentRecipes::flip)));
  }

  private static Stream<Recipe> frames() {
    return Stream.of(
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

  private static Stream<Recipe> lists() {
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

  /** Properly signed, as by a vendor who errs. */
  private static Recipe manifest(String name, String fault, UnaryOperator<String> change) {
    return refused(
        "manifest",
        "manifest-" + name,
        "MEDIA-MANIFEST",
        fault,
        m -> {
          String good = Files.readString(one(m, "targets"));
          m.replaceManifest(
              VectorRecipes.DIGITS, change.apply(good).getBytes(StandardCharsets.UTF_8));
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
    medium.replaceManifest(VectorRecipes.DIGITS, manifest.getBytes(StandardCharsets.UTF_8));
  }

  private static void blob(MediumEditor medium, UnaryOperator<byte[]> change) throws IOException {
    Path blob = one(medium, "blobs");
    Files.write(blob, change.apply(Files.readAllBytes(blob)));
  }

  private static byte[] flip(byte[] bytes) {
    bytes[bytes.length / 2] ^= 1;
    return bytes;
  }
}
