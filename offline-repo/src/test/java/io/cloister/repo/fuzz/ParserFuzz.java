package io.cloister.repo.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.cloister.repo.RefusedException;
import io.cloister.repo.content.PackageManifest;
import io.cloister.repo.content.Version;
import io.cloister.repo.keys.SigningKey;
import io.cloister.repo.media.Sha256Sums;
import io.cloister.repo.metadata.CanonicalJson;
import io.cloister.repo.metadata.JsonException;
import io.cloister.repo.metadata.Signed;
import io.cloister.repo.metadata.StrictJson;
import io.cloister.repo.onnx.OnnxModel;
import io.cloister.repo.onnx.OnnxRefused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * Whatever bytes come, a parser answers or refuses in its own way; every other exception is a
 * defect. Run with the seeds as a test, and with {@code scripts/fuzz} against what a fuzzer finds.
 */
final class ParserFuzz {

  @FuzzTest(maxDuration = "20s")
  void strictJson(byte[] bytes) {
    try {
      byte[] canonical = CanonicalJson.encode(StrictJson.parse(bytes));
      byte[] again = CanonicalJson.encode(StrictJson.parse(canonical));
      if (!Arrays.equals(canonical, again)) {
        throw new IllegalStateException("the canonical form has another canonical form");
      }
    } catch (JsonException e) {
      return;
    }
  }

  @FuzzTest(maxDuration = "20s")
  void metadata(byte[] bytes) {
    refusable(() -> Signed.parseRoot(bytes, "root.json"));
    refusable(() -> Signed.parseTimestamp(bytes, "timestamp.json"));
    refusable(() -> Signed.parseSnapshot(bytes, "snapshot.json"));
    refusable(() -> Signed.parseTargets(bytes, "targets.json"));
  }

  @FuzzTest(maxDuration = "20s")
  void packageManifest(byte[] bytes) {
    refusable(() -> PackageManifest.parse(bytes, "manifest.json").encode());
  }

  @FuzzTest(maxDuration = "20s")
  void sums(byte[] bytes) {
    refusable(() -> Sha256Sums.parse(bytes).encode());
  }

  @FuzzTest(maxDuration = "20s")
  void version(byte[] bytes) {
    refusable(() -> Version.parse(text(bytes)).compareTo(Version.parse("1.0.0")));
  }

  @FuzzTest(maxDuration = "20s")
  void privateKey(byte[] bytes) {
    refusable(() -> SigningKey.parsePem(text(bytes)));
  }

  @FuzzTest(maxDuration = "20s")
  void onnxGraph(byte[] bytes) throws IOException {
    Path file = Files.createTempFile("graph", ".onnx");
    try {
      Files.write(file, bytes);
      OnnxModel.check(file, name -> OptionalLong.of(bytes.length));
    } catch (OnnxRefused e) {
      if (e.reason().isBlank()) {
        throw new IllegalStateException("refused without a reason", e);
      }
    } finally {
      Files.delete(file);
    }
  }

  @FunctionalInterface
  private interface Parser {
    Object parse() throws RefusedException;
  }

  private static void refusable(Parser parser) {
    try {
      parser.parse();
    } catch (RefusedException | IllegalArgumentException e) {
      return;
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
