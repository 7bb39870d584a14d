package io.cloister.appliance;

import io.cloister.appliance.access.HostNames;
import io.cloister.appliance.config.DataKey;
import io.cloister.appliance.http.JsonText;
import io.cloister.repo.content.Chunk;
import io.cloister.repo.content.Kind;
import io.cloister.repo.content.ManifestFile;
import io.cloister.repo.content.PackageId;
import io.cloister.repo.content.PackageManifest;
import io.cloister.repo.content.Version;
import io.cloister.repo.metadata.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A folder as the installer leaves it: settings, models, deployment file, set up. */
final class InstalledRoot {
  static final Path MODELS = Path.of("src/test/resources/models");
  static final Instant SIGNED = Instant.parse("2026-11-01T08:00:00Z");
  private static final String KEY =
      "3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea";

  private record Model(String name, String version, String manifestSha256, String folder) {}

  private final Folders folders;
  private final List<Model> models = new ArrayList<>();
  private final Optional<DataKey> key;
  private long generation;
  private boolean candidate;

  InstalledRoot(Path root) throws IOException {
    this(root, Optional.empty());
  }

  InstalledRoot(Path root, Optional<DataKey> key) throws IOException {
    this.key = key;
    this.folders = new Folders(root, "0.1.0");
    settings("16777216", 64, 30);
  }

  Optional<DataKey> key() {
    return key;
  }

  Folders folders() {
    return folders;
  }

  /** Both listeners on loopback, on ports the system chooses. */
  void settings(String requestBytes, int queue, int seconds) throws IOException {
    Files.createDirectories(folders.root().resolve("etc/cloister"));
    Files.writeString(
        folders.settings(),
        """
        listeners:
          inference: {address: 127.0.0.1, port: 0}
          console: {address: 127.0.0.1, port: 0}
        limits: {request_bytes: %s, queue_per_model: %d, request_seconds: %d}
        """
            .formatted(requestBytes, queue, seconds));
  }

  /** The inference listener speaks plain HTTP. */
  void withoutTls() throws IOException {
    Path file = folders.settings();
    Files.writeString(
        file, Files.readString(file).replaceFirst("port: 0}", "port: 0, tls: false}"));
  }

  /** Sets up and answers the first token. */
  String setUp() throws StartRefused {
    return Setup.run(folders, key, HostNames.ofThisHost(), Instant.now(), new SecureRandom())
        .token()
        .orElseThrow();
  }

  void add(String name, String version, String onnx, String golden) throws IOException {
    Path files = folder(name, version);
    Files.copy(MODELS.resolve(onnx), files.resolve("model.onnx"));
    Files.writeString(files.resolve("model.yaml"), "format: 1\ngraph: model.onnx\n");
    Files.writeString(files.resolve("golden.json"), golden);
    seal(name, version);
  }

  /** all-MiniLM-L6-v2, int8: texts in, embeddings out. */
  void addMiniLm(String name) throws IOException {
    addMiniLm(name, "1.0.0", true);
  }

  /**
   * Likewise.
   *
   * @param normalize whether each embedding has the length 1
   */
  void addMiniLm(String name, String version, boolean normalize) throws IOException {
    Path from = Path.of(System.getProperty("test.minilm"));
    Path files = folder(name, version);
    Files.copy(from.resolve("all-minilm-l6-v2-q.onnx"), files.resolve("model.onnx"));
    Files.copy(from.resolve("all-minilm-l6-v2-q-tokenizer.json"), files.resolve("tokenizer.json"));
    Files.writeString(
        files.resolve("model.yaml"),
        """
        format: 1
        graph: model.onnx
        text: {task: embedding, tokenizer: tokenizer.json, max_tokens: 128, pooling: mean, \
        normalize: %s}
        session: {intra_op_threads: 1}
        """
            .formatted(normalize));
    Files.writeString(files.resolve("golden.json"), ModelRows.HELLO);
    seal(name, version);
  }

  Path folder(String name, String version) throws IOException {
    return Files.createDirectories(folders.store().resolve("models/" + name + "/" + version));
  }

  /** Writes the manifest of what lies in a model's folder. */
  void seal(String name, String version) throws IOException {
    Path files = folder(name, version);
    List<ManifestFile> listed = new ArrayList<>();
    try (Stream<Path> found = Files.list(files)) {
      found.sorted().forEach(file -> listed.add(listed(file)));
    }
    PackageId id = new PackageId(Kind.MODEL, name, Version.parse(version));
    byte[] manifest = new PackageManifest(id, SIGNED, listed).encode();
    Files.write(files.resolve("manifest.json"), manifest);
    String digest = Sha256.of(manifest, 0, manifest.length).toString();
    models.add(new Model(name, version, digest, "models/" + name + "/" + version));
  }

  private static ManifestFile listed(Path file) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      List<Chunk> chunks = new ArrayList<>();
      for (int offset = 0; offset < bytes.length; offset += 4 << 20) {
        int length = Math.min(4 << 20, bytes.length - offset);
        chunks.add(new Chunk(offset, length, Sha256.of(bytes, offset, length), Optional.empty()));
      }
      String name = String.valueOf(file.getFileName());
      return new ManifestFile(name, bytes.length, false, Sha256.of(bytes, 0, bytes.length), chunks);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Forgets the models added so far: the next deployment has only what is added from now on. */
  void clear() {
    models.clear();
  }

  /** From the next deployment on. */
  void candidate(boolean is) {
    candidate = is;
  }

  /** Writes the deployment file of the next generation. */
  void deploy() throws IOException {
    generation++;
    byte[] file =
        JsonText.object(
            json -> {
              json.writeNumberField("format", 1);
              json.writeNumberField("generation", generation);
              json.writeStringField("installed_at", "2026-11-02T09:30:00Z");
              json.writeFieldName("release");
              json.writeRawValue(
                  """
                  {"version":"0.1.0","platform":"linux-x64","manifest_sha256":"%s",
                   "provenance":%s}"""
                      .formatted(KEY, provenance()));
              json.writeArrayFieldStart("models");
              for (Model model : models) {
                json.writeRawValue(
                    """
                    {"name":"%s","version":"%s","manifest_sha256":"%s","folder":"%s",
                     "provenance":%s}"""
                        .formatted(
                            model.name(),
                            model.version(),
                            model.manifestSha256(),
                            model.folder(),
                            provenance()));
              }
              json.writeEndArray();
              json.writeBooleanField("candidate", candidate);
            });
    Files.createDirectories(folders.deployment().resolveSibling("."));
    Files.write(folders.deployment(), file);
  }

  private static String provenance() {
    return """
        {"targets_version":3,"signed_at":"%s","keyids":["%s"]}"""
        .formatted(SIGNED, KEY);
  }
}
