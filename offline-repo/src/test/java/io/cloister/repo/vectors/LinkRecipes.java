package io.cloister.repo.vectors;

import static io.cloister.repo.vectors.Recipe.one;
import static io.cloister.repo.vectors.Recipe.refused;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Links in a folder; each leads to the right bytes, on the medium itself. */
final class LinkRecipes {
  private static final String KEPT = "kept";

  private LinkRecipes() {}

  static Stream<Recipe> all() {
    return Stream.of(
        link(
            Form.FOLDER,
            "metadata",
            "timestamp",
            "timestamp is a link to its bytes",
            folder -> link(folder, folder.resolve("metadata/timestamp.json"))),
        link(
            Form.FOLDER,
            "blob",
            "blob",
            "a blob is a link to its bytes",
            folder -> link(folder, one(folder.resolve("blobs")))),
        link(
            Form.of(Form.NOTHING),
            "blob",
            "folder-of-blobs",
            "a folder of blobs is a link to a folder that has them",
            folder -> {
              Vector.lay(Form.GOOD, folder);
              link(folder, folder.resolve("blobs/sha256"));
            }));
  }

  private static Recipe link(
      Form form, String layer, String name, String fault, Recipe.Change change) {
    return refused(form, layer, "link-" + name, "MEDIA-LINK", fault, change);
  }

  /** Moves it to the top and puts a link in its place. */
  private static void link(Path medium, Path file) throws IOException {
    Path kept = Files.move(file, medium.resolve(KEPT));
    Files.createSymbolicLink(file, file.resolveSibling(".").normalize().relativize(kept));
  }
}
