package io.cloister.repo.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.cloister.repo.RefusedException;
import io.cloister.repo.client.TrustStore;
import io.cloister.repo.content.PackageManifest;
import io.cloister.repo.content.Version;
import io.cloister.repo.keys.SigningKey;
import io.cloister.repo.media.Blob;
import io.cloister.repo.media.BlobRequest;
import io.cloister.repo.media.Delta;
import io.cloister.repo.media.Medium;
import io.cloister.repo.media.ParityNote;
import io.cloister.repo.media.Sha256Sums;
import io.cloister.repo.media.VolumePrompt;
import io.cloister.repo.metadata.CanonicalJson;
import io.cloister.repo.metadata.JsonException;
import io.cloister.repo.metadata.PathPattern;
import io.cloister.repo.metadata.Sha256;
import io.cloister.repo.metadata.Signed;
import io.cloister.repo.metadata.StrictJson;
import io.cloister.repo.onnx.OnnxModel;
import io.cloister.repo.onnx.OnnxRefused;
import io.cloister.repo.testing.RawTar;
import io.cloister.repo.testing.RawTar.Part;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Whatever bytes come, a parser answers or refuses in its own way; every other exception is a
 * defect. Run with the seeds as a test, and with {@code scripts/fuzz} against what a fuzzer finds.
 */
final class ParserFuzz {
  /** Of the seeds' blobs. */
  private static final int BLOB_BYTES = 3000;

  @FuzzTest(maxDuration = "10s")
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

  @FuzzTest(maxDuration = "10s")
  void metadata(byte[] bytes) {
    refusable(() -> Signed.parseRoot(bytes, "root.json"));
    refusable(() -> Signed.parseTimestamp(bytes, "timestamp.json"));
    refusable(() -> Signed.parseSnapshot(bytes, "snapshot.json"));
    refusable(() -> Signed.parseTargets(bytes, "targets.json"));
  }

  @FuzzTest(maxDuration = "10s")
  void packageManifest(byte[] bytes) {
    refusable(() -> PackageManifest.parse(bytes, "manifest.json").encode());
  }

  @FuzzTest(maxDuration = "10s")
  void sums(byte[] bytes) {
    refusable(() -> Sha256Sums.parse(bytes).encode());
  }

  /** A bundle through a pipe; only what has the digest of a blob comes out. */
  @FuzzTest(maxDuration = "10s")
  void bundle(byte[] bytes) {
    refused(
        () -> {
          try (Medium medium = Medium.pipe(new ByteArrayInputStream(bytes), VolumePrompt.NOBODY)) {
            SequencedMap<Sha256, Blob> blobs = BlobRequest.byDigest(blobs(bytes));
            return medium.deliver(
                new BlobRequest(blobs, blobs.keySet()), (blob, stored) -> check(blob, stored));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** Those that are named in it, wherever a name stands. */
  private static List<Blob> blobs(byte[] bytes) {
    return Pattern.compile("blobs/sha256/[0-9a-f]{2}/([0-9a-f]{64})")
        .matcher(new String(bytes, StandardCharsets.ISO_8859_1))
        .results()
        .map(name -> new Blob(new Sha256(name.group(1)), BLOB_BYTES, () -> "a blob"))
        .toList();
  }

  private static void check(Blob blob, byte[] stored) {
    if (!Sha256.of(stored).equals(blob.sha256())) {
      throw new IllegalStateException("bytes that are not those of " + blob.path());
    }
  }

  /** What a medium says of itself, a site's policy, and the patterns of delegations. */
  @FuzzTest(maxDuration = "10s")
  void notes(byte[] bytes) throws IOException {
    for (String name : List.of("volume.json", "delta.json", "parity.json")) {
      refused(() -> note(name, bytes));
    }
    Path folder = Files.createTempDirectory("policy");
    try {
      Files.write(folder.resolve("policy.json"), bytes);
      refused(() -> TrustStore.at(folder).policy());
    } finally {
      Files.delete(folder.resolve("policy.json"));
      Files.delete(folder);
    }
    refused(() -> new PathPattern(text(bytes)).matches("models/vision/model-digits-1.0.0.json"));
  }

  private static Object note(String name, byte[] bytes) throws RefusedException {
    List<Part> parts =
        List.of(RawTar.text("metadata/1.root.json", "x"), RawTar.part(name, '0', bytes));
    try (Medium medium = Medium.pipe(RawTar.stream(parts), VolumePrompt.NOBODY)) {
      Delta.find(medium).ifPresent(Delta::encode);
      ParityNote.find(medium).ifPresent(ParityNote::encode);
      return medium.deliver(
          new BlobRequest(BlobRequest.byDigest(List.of()), Set.of()), (blob, stored) -> {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @FuzzTest(maxDuration = "10s")
  void version(byte[] bytes) {
    refusable(() -> Version.parse(text(bytes)).compareTo(Version.parse("1.0.0")));
  }

  @FuzzTest(maxDuration = "10s")
  void privateKey(byte[] bytes) {
    refusable(() -> SigningKey.parsePem(text(bytes)));
  }

  @FuzzTest(maxDuration = "10s")
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

  /** Likewise, where no argument is illegal. */
  private static void refused(Parser parser) {
    try {
      parser.parse();
    } catch (RefusedException e) {
      return;
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
