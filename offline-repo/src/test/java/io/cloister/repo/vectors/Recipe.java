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

/** How a vector was made of a good medium. */
record Recipe(Vector vector, Spoil spoil) {
  /** Spoils a good medium. */
  @FunctionalInterface
  interface Spoil {
    void spoil(MediumEditor medium) throws Exception;
  }

  static Recipe refused(String layer, String name, String code, String fault, Spoil spoil) {
    return new Recipe(
        new Vector(name, fault, layer, Optional.of(code), List.of(), Optional.empty()), spoil);
  }

  static Recipe accepted(String name, String what, Spoil spoil) {
    return new Recipe(
        new Vector(name, what, "none", Optional.empty(), List.of(), Optional.empty()), spoil);
  }

  static void timestamp(MediumEditor medium, UnaryOperator<String> change) throws IOException {
    replace(medium.file(RoleType.TIMESTAMP), change);
  }

  static void replace(Path file, UnaryOperator<String> change) throws IOException {
    Files.writeString(file, change.apply(Files.readString(file)));
  }

  /** The first file below a folder of the medium. */
  static Path one(MediumEditor medium, String folder) throws IOException {
    try (Stream<Path> files = Files.walk(medium.medium().resolve(folder))) {
      return files.filter(Files::isRegularFile).sorted().findFirst().orElseThrow();
    }
  }
}
