package io.cloister.appliance.inference;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.appliance.config.Documents;
import io.cloister.appliance.config.Settings;
import io.cloister.appliance.database.Database;
import io.cloister.appliance.model.AcceptanceRecords;
import io.cloister.appliance.model.Deployment;
import io.cloister.appliance.model.Host;
import io.cloister.appliance.model.LastSettings;
import io.cloister.appliance.model.ModelVersion;
import io.cloister.appliance.model.Provenance;
import io.cloister.appliance.model.Routing;
import io.cloister.appliance.model.Tunings;
import io.cloister.appliance.worker.Engine;
import io.cloister.appliance.worker.WorkerCommand;
import io.cloister.repo.content.Chunk;
import io.cloister.repo.content.Kind;
import io.cloister.repo.content.ManifestFile;
import io.cloister.repo.content.PackageId;
import io.cloister.repo.content.PackageManifest;
import io.cloister.repo.content.Version;
import io.cloister.repo.metadata.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A model store with real packages, a real database, and servers over them. */
final class StoreFixture implements AutoCloseable {
  static final Path RESOURCES = Path.of("src/test/resources/models");
  static final Host HOST =
      new Host(Engine.version(), Runtime.getRuntime().availableProcessors(), "of the test");
  private static final Instant SIGNED = Instant.parse("2026-11-01T08:00:00Z");
  private static final Provenance PROVENANCE = new Provenance(3, SIGNED, List.of("ab"));

  private final Path folder;
  private final Database database;
  private long generation;

  StoreFixture(Path folder) {
    this.folder = folder;
    this.database = Database.open(folder.resolve("db"), Optional.empty());
  }

  /** Options after graph, one a line, of a model.yaml. */
  ModelVersion add(String name, String version, Path graph, String yaml, String golden)
      throws IOException {
    Path files = Files.createDirectories(folder.resolve("models").resolve(name).resolve(version));
    Files.copy(graph, files.resolve("model.onnx"));
    Files.writeString(files.resolve("model.yaml"), "format: 1\ngraph: model.onnx\n" + yaml);
    Files.writeString(files.resolve("golden.json"), golden);
    return seal(name, version, files);
  }

  /** Of the handwritten digits, with the graph of that version. */
  ModelVersion digits(String version, String yaml, String golden) throws IOException {
    return add("digits", version, resource("digits-" + version + ".onnx"), yaml, golden);
  }

  /** Writes the manifest of what lies in the folder. */
  ModelVersion seal(String name, String version, Path files) throws IOException {
    List<ManifestFile> listed = new ArrayList<>();
    try (Stream<Path> found = Files.list(files)) {
      for (Path file : found.filter(Files::isRegularFile).sorted().toList()) {
        listed.add(listed(file));
      }
    }
    PackageId id = new PackageId(Kind.MODEL, name, Version.parse(version));
    byte[] manifest = new PackageManifest(id, SIGNED, listed).encode();
    Files.write(files.resolve("manifest.json"), manifest);
    return new ModelVersion(
        name,
        version,
        Sha256.of(manifest, 0, manifest.length).toString(),
        folder.relativize(files).toString(),
        PROVENANCE);
  }

  private static ManifestFile listed(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    List<Chunk> chunks = new ArrayList<>();
    for (int offset = 0; offset < bytes.length; offset += 4 << 20) {
      int length = Math.min(4 << 20, bytes.length - offset);
      chunks.add(new Chunk(offset, length, Sha256.of(bytes, offset, length), Optional.empty()));
    }
    return new ManifestFile(
        String.valueOf(file.getFileName()),
        bytes.length,
        false,
        Sha256.of(bytes, 0, bytes.length),
        chunks);
  }

  /** The next generation, with these models. */
  Deployment deployment(ModelVersion... models) {
    generation++;
    return new Deployment(
        generation,
        SIGNED,
        new Deployment.Release("0.1.0", "linux-x64", "00", PROVENANCE),
        List.of(models),
        false);
  }

  ModelServer server() {
    return server(16, Duration.ofSeconds(30));
  }

  ModelServer server(int queue, Duration requestTime) {
    return server(HOST, queue, requestTime);
  }

  /** On another machine. */
  ModelServer server(Host host) {
    return server(host, 16, Duration.ofSeconds(30));
  }

  private ModelServer server(Host host, int queue, Duration requestTime) {
    return server(workers(), host, queue, requestTime);
  }

  /** Over workers that may have begun something. */
  ModelServer server(Workers workers, Host host) {
    return server(workers, host, 16, Duration.ofSeconds(30));
  }

  private ModelServer server(Workers workers, Host host, int queue, Duration requestTime) {
    return new ModelServer(
        workers,
        new Routing(database),
        records(host),
        new Settings.Limits(1 << 20, queue, requestTime));
  }

  Workers workers() {
    return new Workers(
        folder,
        WorkerCommand.ofThisProcess(),
        LastSettings.read(folder.resolve("last-settings.json")));
  }

  /** The database takes no changes from now on, as while an update takes it over. */
  void holdDatabase() throws IOException {
    database.handOver(folder.resolve("next"));
  }

  /** What was accepted is not to be read any more. */
  void loseRecords() {
    database.inTransaction(
        connection -> {
          try (Statement statement = connection.createStatement()) {
            return statement.execute("DROP TABLE acceptance");
          }
        });
  }

  Records records(Host host) {
    return new Records(new AcceptanceRecords(database), new Tunings(database), host);
  }

  AcceptanceRecords records() {
    return records(HOST).acceptances();
  }

  /** The newest report of an acceptance. */
  JsonNode report() throws IOException {
    return Documents.parseJson(records().newest(1).getFirst().getBytes(StandardCharsets.UTF_8));
  }

  Path folder() {
    return folder;
  }

  static Path resource(String name) {
    return RESOURCES.resolve(name);
  }

  static String text(String name) throws IOException {
    return Files.readString(resource(name), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    database.close();
  }
}
