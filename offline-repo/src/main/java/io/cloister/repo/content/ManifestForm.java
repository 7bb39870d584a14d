package io.cloister.repo.content;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.repo.metadata.CanonicalJson;
import io.cloister.repo.metadata.Fields;
import io.cloister.repo.metadata.JsonException;
import io.cloister.repo.metadata.StrictJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The JSON form of a manifest. */
final class ManifestForm {
  private static final int FORMAT = 1;
  private static final int CHUNKS_PER_FILE_MAX = 1 << 20;

  private ManifestForm() {}

  static PackageManifest parse(byte[] bytes) throws JsonException {
    if (bytes.length > PackageManifest.BYTES_MAX) {
      throw new JsonException("longer than " + PackageManifest.BYTES_MAX + " bytes");
    }
    try {
      return manifest(Fields.of(StrictJson.parse(bytes)));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new JsonException(String.valueOf(e.getMessage()));
    }
  }

  private static PackageManifest manifest(Fields document) throws JsonException {
    document.integer("format", FORMAT, FORMAT);
    PackageId id =
        new PackageId(
            Kind.parse(document.text("kind")),
            document.text("name"),
            Version.parse(document.text("version")));
    List<ManifestFile> files = new ArrayList<>();
    for (Fields file : document.objects("files", PackageManifest.FILES_MAX)) {
      files.add(file(file));
    }
    return new PackageManifest(id, document.time("created"), files);
  }

  private static ManifestFile file(Fields file) throws JsonException {
    String name = FileName.checkPacked(file.text("name"));
    List<Chunk> chunks = new ArrayList<>();
    for (Fields chunk : file.objects("chunks", CHUNKS_PER_FILE_MAX)) {
      chunks.add(chunk(chunk));
    }
    return new ManifestFile(
        name,
        file.integer("length", 0, ManifestFile.LENGTH_MAX),
        file.truth("executable"),
        file.sha256("sha256"),
        chunks);
  }

  private static Chunk chunk(Fields chunk) throws JsonException {
    Optional<Fields> zstd = chunk.findObject("zstd");
    return new Chunk(
        chunk.integer("offset", 0, ManifestFile.LENGTH_MAX),
        Math.toIntExact(chunk.integer("length", 1, Chunk.LENGTH_MAX)),
        chunk.sha256("sha256"),
        zstd.isEmpty() ? Optional.empty() : Optional.of(zstd(zstd.get())));
  }

  private static Chunk.Zstd zstd(Fields zstd) throws JsonException {
    return new Chunk.Zstd(
        Math.toIntExact(zstd.integer("length", 1, Chunk.LENGTH_MAX)), zstd.sha256("sha256"));
  }

  static byte[] encode(PackageManifest manifest) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("format", FORMAT);
    document.put("kind", manifest.id().kind().toString());
    document.put("name", manifest.id().name());
    document.put("version", manifest.id().version().toString());
    document.put("created", manifest.created().toString());
    ArrayNode files = document.putArray("files");
    manifest.files().forEach(file -> encode(file, files.addObject()));
    return CanonicalJson.encodeOwn(document);
  }

  private static void encode(ManifestFile file, ObjectNode node) {
    node.put("name", file.name());
    node.put("length", file.length());
    node.put("executable", file.executable());
    node.put("sha256", file.sha256().hex());
    ArrayNode chunks = node.putArray("chunks");
    file.chunks().forEach(chunk -> encode(chunk, chunks.addObject()));
  }

  private static void encode(Chunk chunk, ObjectNode node) {
    node.put("offset", chunk.offset());
    node.put("length", chunk.length());
    node.put("sha256", chunk.sha256().hex());
    chunk
        .zstd()
        .ifPresent(
            zstd ->
                node.putObject("zstd")
                    .put("length", zstd.length())
                    .put("sha256", zstd.sha256().hex()));
  }
}
