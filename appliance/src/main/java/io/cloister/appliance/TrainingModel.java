package io.cloister.appliance;

import io.cloister.repo.content.Chunk;
import io.cloister.repo.content.Kind;
import io.cloister.repo.content.ManifestFile;
import io.cloister.repo.content.PackageId;
import io.cloister.repo.content.PackageManifest;
import io.cloister.repo.content.Version;
import io.cloister.repo.metadata.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A text model of a few bytes for {@link Training}: each token's vector is its number. With it a
 * worker starts, and all that a real model goes through is gone through.
 */
final class TrainingModel {
  static final String NAME = "training";
  private static final String VERSION = "1.0.0";
  private static final String FOLDER = "models/" + NAME + "/" + VERSION;

  /** Hashed like a real model's graph, so that the machine learns what to compile for it. */
  private static final int CHUNK_BYTES = 4 << 20;

  private static final int PADDING_BYTES = 2 * CHUNK_BYTES;

  private static final String YAML =
      """
      # As its maker might say.
      format: 1
      graph: model.onnx
      text: {task: embedding, tokenizer: tokenizer.json, pooling: mean}
      batching: {rows: dependent}
      session: {intra_op_threads: 1, disabled_optimizers: [LayerNormFusionL1, LayerNormFusionL2]}
      """;
  private static final String TOKENIZER =
      """
      {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
       "normalizer": null, "pre_tokenizer": {"type": "Whitespace"}, "post_processor": null,
       "decoder": null, "model": {"type": "WordLevel", "unk_token": "[UNK]",
         "vocab": {"[UNK]": 0, "one": 1, "two": 2}}}
      """;
  private static final String ROW =
      """
      {"inputs": [{"name": "text", "datatype": "BYTES", "shape": [1], "data": ["one two ☔"]}],
       "outputs": [{"name": "embedding", "datatype": "FP32", "shape": [1, 1], "data": [0.999998]},
        {"name": "tokens", "datatype": "INT64", "shape": [1], "data": [3]},
        {"name": "truncated", "datatype": "BOOL", "shape": [1], "data": [false]}],
       "tolerance": 0.01}""";
  private static final String GOLDEN =
      "{\"latency_ms_max\": 60000, \"rows\": [" + ROW + "," + ROW + "]}";

  private static final int FLOAT = 1;
  private static final int INT64 = 7;

  /** 1.0, little-endian. */
  private static final byte[] ONE = {0, 0, (byte) 0x80, 0x3f};

  private TrainingModel() {}

  /** Puts it into the model store and deploys it. */
  static void deploy(Folders folders, Instant now) throws IOException {
    Path folder = Files.createDirectories(folders.store().resolve(FOLDER));
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("golden.json", GOLDEN.getBytes(StandardCharsets.UTF_8));
    files.put("model.onnx", graph());
    files.put("model.yaml", YAML.getBytes(StandardCharsets.UTF_8));
    files.put("padding", new byte[PADDING_BYTES]);
    files.put("tokenizer.json", TOKENIZER.getBytes(StandardCharsets.UTF_8));
    List<ManifestFile> listed = new ArrayList<>();
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Files.write(folder.resolve(file.getKey()), file.getValue());
      listed.add(listed(file.getKey(), file.getValue()));
    }
    Instant at = now.truncatedTo(ChronoUnit.SECONDS);
    PackageId id = new PackageId(Kind.MODEL, NAME, Version.parse(VERSION));
    byte[] manifest = new PackageManifest(id, at, listed).encode();
    Files.write(folder.resolve("manifest.json"), manifest);
    Files.createDirectories(Objects.requireNonNull(folders.deployment().getParent()));
    Files.write(
        folders.deployment(),
        deployment(folders.release(), at, Sha256.of(manifest, 0, manifest.length).toString()));
  }

  private static ManifestFile listed(String name, byte[] bytes) {
    List<Chunk> chunks = new ArrayList<>();
    for (int offset = 0; offset < bytes.length; offset += CHUNK_BYTES) {
      int length = Math.min(CHUNK_BYTES, bytes.length - offset);
      chunks.add(new Chunk(offset, length, Sha256.of(bytes, offset, length), Optional.empty()));
    }
    return new ManifestFile(name, bytes.length, false, Sha256.of(bytes, 0, bytes.length), chunks);
  }

  private static byte[] deployment(String release, Instant at, String manifestSha256) {
    String provenance =
        "{\"targets_version\": 1, \"signed_at\": \"%s\", \"keyids\": []}".formatted(at);
    return """
        {"format": 1, "generation": 1, "installed_at": "%s",
         "release": {"version": "%s", "platform": "linux-x64", "manifest_sha256": "%s",
          "provenance": %s},
         "models": [{"name": "%s", "version": "%s", "folder": "%s", "manifest_sha256": "%s",
          "provenance": %s}]}
        """
        .formatted(
            at,
            release,
            manifestSha256,
            provenance,
            NAME,
            VERSION,
            FOLDER,
            manifestSha256,
            provenance)
        .getBytes(StandardCharsets.UTF_8);
  }

  /** The graph Unsqueeze(Cast(input_ids)) * 1, operators of version 11: onnx.proto3 of ONNX 1.6. */
  private static byte[] graph() {
    byte[] toFloat = field(5, text(1, "to"), number(3, FLOAT), number(20, 2));
    byte[] lastAxis = field(5, text(1, "axes"), number(8, 2), number(20, 7));
    return join(
        number(1, 6),
        field(8, text(1, ""), number(2, 11)),
        field(
            7,
            field(1, text(1, "input_ids"), text(2, "numbers"), text(4, "Cast"), toFloat),
            field(1, text(1, "numbers"), text(2, "columns"), text(4, "Unsqueeze"), lastAxis),
            field(1, text(1, "columns"), text(1, "one"), text(2, "vectors"), text(4, "Mul")),
            text(2, NAME),
            field(5, number(1, 1), number(2, FLOAT), text(8, "one"), field(9, ONE)),
            field(11, tensor("input_ids", INT64)),
            field(12, tensor("vectors", FLOAT, field(1, number(1, 1))))));
  }

  private static byte[] tensor(String name, int datatype, byte[]... further) {
    byte[] dims = join(field(1, text(2, "batch")), field(1, text(2, "tokens")), join(further));
    return join(text(1, name), field(2, field(1, number(1, datatype), field(2, dims))));
  }

  private static byte[] text(int field, String value) {
    return field(field, value.getBytes(StandardCharsets.UTF_8));
  }

  /** A number below 128. */
  private static byte[] number(int field, int value) {
    return join(varint(field << 3), varint(value));
  }

  private static byte[] field(int field, byte[]... parts) {
    byte[] content = join(parts);
    return join(varint(field << 3 | 2), varint(content.length), content);
  }

  private static byte[] varint(int value) {
    return value < 128
        ? new byte[] {(byte) value}
        : join(new byte[] {(byte) (value | 128)}, varint(value >> 7));
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      joined.writeBytes(part);
    }
    return joined.toByteArray();
  }
}
