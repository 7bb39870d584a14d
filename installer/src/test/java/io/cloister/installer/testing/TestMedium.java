package io.cloister.installer.testing;

import io.cloister.repo.content.Chunk;
import io.cloister.repo.content.Kind;
import io.cloister.repo.content.ManifestFile;
import io.cloister.repo.content.PackageId;
import io.cloister.repo.content.PackageManifest;
import io.cloister.repo.content.Version;
import io.cloister.repo.metadata.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A vendor and a medium. */
public final class TestMedium {
  private final Path folder;

  public TestMedium(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
    Files.createDirectories(folder.resolve("targets"));
  }

  public Path folder() {
    return folder;
  }

  public String anchor() {
    return "sha256:" + "0".repeat(64);
  }

  public TestMedium add(Kind kind, String name, String version, Path content) throws IOException {
    List<ManifestFile> files = new ArrayList<>();
    try (Stream<Path> all = Files.walk(content)) {
      for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
        byte[] bytes = Files.readAllBytes(file);
        Sha256 sha = Sha256.of(bytes);
        List<Chunk> chunks =
            bytes.length == 0
                ? List.of()
                : List.of(new Chunk(0, bytes.length, sha, Optional.empty()));
        for (Chunk c : chunks) {
          Path blob = folder.resolve(c.blobPath());
          Files.createDirectories(blob.getParent());
          Files.write(blob, bytes);
        }
        files.add(
            new ManifestFile(
                content.relativize(file).toString(),
                bytes.length,
                Files.isExecutable(file),
                sha,
                chunks));
      }
    }
    var manifest =
        new PackageManifest(
            new PackageId(kind, name, Version.parse(version)), Instant.EPOCH, files);
    Files.write(folder.resolve("targets/" + manifest.id() + ".json"), manifest.encode());
    return this;
  }
}
