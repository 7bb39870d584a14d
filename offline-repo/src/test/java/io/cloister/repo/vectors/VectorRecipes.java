package io.cloister.repo.vectors;

import static io.cloister.repo.testing.SigningRepository.model;

import io.cloister.repo.content.PackageId;
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
    return SigningRepository.create(folder).add(DIGITS, content());
  }

  static Map<String, byte[]> content() {
    byte[] graph = new byte[3000];
    new Random(1).nextBytes(graph);
    byte[] rows = "golden rows ".repeat(300).getBytes(StandardCharsets.UTF_8);
    return Map.of("model.onnx", graph, "golden.json", rows);
  }

  /** Makes those that are not there. */
  static void makeMissing(Path scratch) throws Exception {
    if (!Files.exists(Vector.good())) {
      Files.createDirectories(Vector.FOLDER);
      vendor(scratch.resolve("good")).publish(Vector.good());
    }
    for (Recipe each : all().toList()) {
      String name = each.vector().name();
      if (!Files.exists(Vector.FOLDER.resolve(name))) {
        Path files = each.making().make(Files.createDirectories(scratch.resolve(name)));
        each.vector().write(files, scratch.resolve(name + "-before"));
      }
    }
  }

  static Stream<String> names() {
    return all().map(each -> each.vector().name());
  }

  private static Stream<Recipe> all() {
    return Stream.of(
            MetadataRecipes.all(),
            DelegationRecipes.all(),
            HistoryRecipes.all(),
            KeyRecipes.all(),
            HashRecipes.all(),
            ContentRecipes.all(),
            LinkRecipes.all(),
            FormRecipes.all(),
            VolumeBundleRecipes.all(),
            BundleRecipes.all(),
            AmbiguousBundleRecipes.all())
        .flatMap(each -> each);
  }
}
