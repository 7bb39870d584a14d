package io.cloister.repo.vectors;

import static io.cloister.repo.vectors.Recipe.accepted;
import static io.cloister.repo.vectors.Recipe.refused;

import io.cloister.repo.publish.PublishOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Volume sets of tars. */
final class VolumeBundleRecipes {
  private static final String GOOD = "good-volume-bundles";
  private static final String ONE = "volume-1-of-3.tar";
  private static final String TWO = "volume-2-of-3.tar";
  private static final String THREE = "volume-3-of-3.tar";
  private static final String OTHER = "volume-2-of-2.tar";
  private static final String FOLDER = "volume-2-of-3";
  private static final long TWO_BLOBS_BYTES = 22_000;
  private static final long THREE_BLOBS_BYTES = 26_000;

  private VolumeBundleRecipes() {}

  static Stream<Recipe> all() {
    return Stream.of(
        FormRecipes.base(
            Form.of(Form.NOTHING, ONE, TWO, THREE),
            GOOD,
            "no fault: a set of three tars",
            folder -> publish(folder, TWO_BLOBS_BYTES)),
        accepted(
            Form.of(GOOD, THREE, FOLDER, ONE),
            "accepted-volumes-mixed",
            "no fault: the second volume of the set is a folder, the others are tars",
            folder -> {
              Files.delete(folder.resolve(TWO));
              Path set = Vector.lay("good-volumes", folder.resolveSibling("folders"));
              Vector.copy(set.resolve(FOLDER), folder.resolve(FOLDER));
            }),
        refused(
            Form.of(GOOD, ONE, TWO, OTHER),
            "form",
            "volume-bundles-of-two-sets",
            "MEDIA-VOLUME-SET",
            "with two of three tars the second of two, which has the rest: the same, cut otherwise",
            folder -> {
              Files.delete(folder.resolve(THREE));
              publish(folder.resolveSibling("two"), THREE_BLOBS_BYTES);
              Files.copy(
                  folder.resolveSibling("two").resolve("out").resolve(OTHER),
                  folder.resolve(OTHER));
            }));
  }

  private static void publish(Path folder, long volumeBytes) throws Exception {
    FormRecipes.parts(folder.resolve("vendor"))
        .publish(folder.resolve("out"), PublishOptions.BUNDLE.withVolumes(volumeBytes));
  }
}
