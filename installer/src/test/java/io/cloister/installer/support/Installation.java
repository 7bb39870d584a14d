package io.cloister.installer.support;

import io.cloister.installer.host.HostPaths;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An installation on disk, small but whole: a release, a model, slots, settings, trust, a log. */
final class Installation {
  static final Instant NOW = Instant.parse("2026-11-22T21:06:00.123Z");

  final HostPaths paths;

  Installation(Path folder) throws IOException {
    paths = new HostPaths(folder.toRealPath());
    String release = pack(Kind.RUNTIME, "linux-x64", paths.release("0.1.0"), "RELEASE", "bin/java");
    String model = pack(Kind.MODEL, "digits", paths.model("digits", "1.0.0"), "model.onnx");
    Files.createSymbolicLink(paths.current(), Path.of("releases/0.1.0"));
    String deployment = deployment(release, model);
    write(paths.deployment("0.1.0"), deployment);
    write(
        paths.slots(),
        """
        {"format":1,"active":"a","slots":{"a":{"state":"good","deployment":%s,"reason":null},
         "b":null}}"""
            .formatted(deployment));
    write(
        paths.settings(),
        """
        listeners:
          inference: {address: "0.0.0.0", port: 8443}
          console: {address: 127.0.0.1, port: 9443}
        limits: {request_bytes: 16777216, queue_per_model: 64, request_seconds: 30}
        """);
    write(
        paths.trust().resolve("timestamp.json"),
        """
        {"signatures":[{"keyid":"%s","sig":"00"}],"signed":{"_type":"timestamp","version":7,
         "expires":"2027-01-01T00:00:00Z","signed_at":"2026-11-01T00:00:00Z"}}"""
            .formatted("ab".repeat(32)));
    write(
        paths.log(),
        """
        {"time":"2026-11-22T21:00:00Z","level":"INFO","logger":"main","message":"ready"}
        """);
  }

  private static String deployment(String release, String model) {
    return """
    {"format":1,"generation":3,"installed_at":"2026-11-20T10:00:00Z",
     "release":{"version":"0.1.0","platform":"linux-x64","manifest_sha256":"%s","provenance":%s},
     "models":[{"name":"digits","version":"1.0.0","folder":"models/digits/1.0.0",
      "manifest_sha256":"%s","provenance":%s}]}"""
        .formatted(release, provenance(), model, provenance());
  }

  private static String provenance() {
    return """
    {"targets_version":3,"signed_at":"2026-11-01T00:00:00Z","keyids":["%s"]}"""
        .formatted("cd".repeat(32));
  }

  /** Files that say version and name; returns the manifest's digest. */
  private static String pack(Kind kind, String name, Path folder, String... files)
      throws IOException {
    String version = String.valueOf(folder.getFileName());
    List<ManifestFile> list = new ArrayList<>();
    for (String file : files) {
      String text = "version=" + version + "\nplatform=linux-x64\n" + file + "\n";
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      write(folder.resolve(file), text);
      Sha256 digest = Sha256.of(bytes);
      Chunk chunk = new Chunk(0, bytes.length, digest, Optional.empty());
      list.add(new ManifestFile(file, bytes.length, false, digest, List.of(chunk)));
    }
    PackageId id = new PackageId(kind, name, Version.parse(version));
    byte[] manifest = new PackageManifest(id, Instant.parse("2026-11-01T00:00:00Z"), list).encode();
    Files.write(folder.resolve("manifest.json"), manifest);
    return Sha256.of(manifest).hex();
  }

  static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  /** Makes the archive, and reads it. */
  Unpacked collect(Path output) throws IOException {
    new SupportArchive(paths, "0.1.0", "2.36").write(output, NOW, _ -> {});
    return Unpacked.read(output);
  }
}
