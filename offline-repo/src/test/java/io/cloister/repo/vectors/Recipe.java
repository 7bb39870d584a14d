package io.cloister.repo.vectors;

import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.testing.MediumEditor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** How a vector was made. */
record Recipe(Vector vector, Making making) {
  /** Makes the files of a vector below an empty folder and returns where they are. */
  @FunctionalInterface
  interface Making {
    Path make(Path scratch) throws Exception;
  }

  /** Spoils a good medium, as one who has the keys. */
  @FunctionalInterface
  interface Spoil {
    void spoil(MediumEditor medium) throws Exception;
  }

  /** Changes files, as one who has no key. */
  @FunctionalInterface
  interface Change {
    void change(Path folder) throws Exception;
  }

  static Recipe refused(String layer, String name, String code, String fault, Spoil spoil) {
    return new Recipe(
        Vector.of(name, fault, layer, Optional.of(code), Form.FOLDER), spoiled(spoil));
  }

  static Recipe accepted(String name, String what, Spoil spoil) {
    return new Recipe(
        Vector.of(name, what, Vector.NONE, Optional.empty(), Form.FOLDER), spoiled(spoil));
  }

  static Recipe refused(
      Form form, String layer, String name, String code, String fault, Change change) {
    return new Recipe(
        Vector.of(name, fault, layer, Optional.of(code), form), changed(form, change));
  }

  static Recipe accepted(Form form, String name, String what, Change change) {
    return new Recipe(
        Vector.of(name, what, Vector.NONE, Optional.empty(), form), changed(form, change));
  }

  /** By a reader that accepted another vector just before. */
  Recipe after(String accepted) {
    return new Recipe(vector.after(accepted), making);
  }

  /** What must be found on the medium. */
  Recipe finding(String... packages) {
    return new Recipe(vector.finding(List.of(packages)), making);
  }

  static Making spoiled(Spoil spoil) {
    return scratch -> {
      MediumEditor editor = VectorRecipes.vendor(scratch).publish(scratch.resolve("medium"));
      spoil.spoil(editor);
      return editor.medium();
    };
  }

  private static Making changed(Form form, Change change) {
    return scratch -> {
      Path folder = Vector.lay(form.of(), scratch.resolve("medium"));
      change.change(folder);
      return folder;
    };
  }

  static void timestamp(MediumEditor medium, UnaryOperator<String> change) throws IOException {
    replace(medium.file(RoleType.TIMESTAMP), change);
  }

  static void replace(Path file, UnaryOperator<String> change) throws IOException {
    Files.writeString(file, change.apply(Files.readString(file)));
  }

  /** The first file below a folder of the medium. */
  static Path one(MediumEditor medium, String folder) throws IOException {
    return one(medium.medium().resolve(folder));
  }

  /** The first file below a folder. */
  static Path one(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().findFirst().orElseThrow();
    }
  }
}
