package io.cloister.repo.vectors;

import static io.cloister.repo.testing.SigningRepository.model;

import io.cloister.repo.content.PackageId;
import io.cloister.repo.testing.MediumEditor;
import io.cloister.repo.testing.SigningRepository;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** How the vectors were made; a vector that is there is never made again. */
final class VectorRecipes {
  static final PackageId DIGITS = model("digits", "1.0.0");

  private VectorRecipes() {}

  /** The same vendor, keys and content each time. */
  static SigningRepository vendor(Path folder) throws Exception {
    byte[] graph = new byte[3000];
    new Random(1).nextBytes(graph);
    byte[] rows = "golden rows ".repeat(300).getBytes(StandardCharsets.UTF_8);
    return SigningRepository.create(folder)
        .add(DIGITS, Map.of("model.onnx", graph, "golden.json", rows));
  }

  /** Makes those that are not there. */
  static void makeMissing(Path scratch) throws Exception {
    if (!Files.exists(Vector.good())) {
      Files.createDirectories(Vector.FOLDER);
      vendor(scratch.resolve("good")).publish(Vector.good());
    }
    for (Recipe each : all().toList()) {
      Path folder = scratch.resolve(each.vector().name());
      if (!Files.exists(Vector.FOLDER.resolve(each.vector().name()))) {
        MediumEditor editor = vendor(folder).publish(folder.resolve("medium"));
        each.spoil().spoil(editor);
        each.vector().write(editor.medium());
      }
    }
  }

  static Stream<String> names() {
    return all().map(each -> each.vector().name());
  }

  private static Stream<Recipe> all() {
    return Stream.concat(MetadataRecipes.all(), ContentRecipes.all());
  }
}
