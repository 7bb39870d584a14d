package io.cloister.repo.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.repo.testing.SigningRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One fault, and what a reader must say of it. On disk a vector is the files that differ from the
 * medium {@code good}, and {@code expect.json}.
 *
 * @param layer where it must be found; what comes later is not looked at
 * @param code of the refusal; empty where the medium is accepted
 * @param without files of {@code good} that are missing
 * @param after the vector that this reader accepted before
 */
record Vector(
    String name,
    String fault,
    String layer,
    Optional<String> code,
    List<String> without,
    Optional<String> after) {
  static final Path FOLDER = Path.of("../docs/format/vectors").toAbsolutePath().normalize();
  static final String EXPECTATION = "expect.json";
  private static final String GOOD = "good";
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  static Path good() {
    return FOLDER.resolve(GOOD);
  }

  static List<Vector> all() throws IOException {
    List<Vector> vectors = new ArrayList<>();
    try (Stream<Path> folders = Files.list(FOLDER)) {
      for (Path each : folders.sorted().toList()) {
        if (Files.exists(each.resolve(EXPECTATION))) {
          vectors.add(read(each));
        }
      }
    }
    return vectors;
  }

  static Vector named(String name) throws IOException {
    return read(FOLDER.resolve(name));
  }

  private static Vector read(Path folder) throws IOException {
    JsonNode expect = JSON.readTree(Files.readAllBytes(folder.resolve(EXPECTATION)));
    List<String> without = new ArrayList<>();
    expect.path("without").forEach(name -> without.add(name.asText()));
    return new Vector(
        String.valueOf(folder.getFileName()),
        expect.get("fault").asText(),
        expect.get("layer").asText(),
        text(expect, "code"),
        without,
        text(expect, "after"));
  }

  private static Optional<String> text(JsonNode node, String field) {
    return Optional.ofNullable(node.get(field)).map(JsonNode::asText);
  }

  /** The medium with the fault, below a new folder. */
  Path medium(Path folder) throws IOException {
    copy(good(), folder);
    for (String name : without) {
      Files.delete(folder.resolve(name));
    }
    copy(FOLDER.resolve(name), folder);
    Files.deleteIfExists(folder.resolve(EXPECTATION));
    return folder;
  }

  /** Writes what differs from {@code good}. */
  void write(Path medium) throws IOException {
    Path target = FOLDER.resolve(name);
    List<String> missing = new ArrayList<>();
    for (String file : files(good())) {
      if (!Files.exists(medium.resolve(file))) {
        missing.add(file);
      }
    }
    for (String file : files(medium)) {
      Path same = good().resolve(file);
      byte[] bytes = Files.readAllBytes(medium.resolve(file));
      if (!Files.exists(same) || !Arrays.equals(Files.readAllBytes(same), bytes)) {
        Files.createDirectories(target.resolve(file).getParent());
        Files.write(target.resolve(file), bytes);
      }
    }
    Files.createDirectories(target);
    ObjectNode expect = JSON.createObjectNode();
    expect.put("fault", fault).put("layer", layer);
    code.ifPresent(each -> expect.put("code", each));
    expect.put("clock", SigningRepository.NOW.toString());
    after.ifPresent(each -> expect.put("after", each));
    if (!missing.isEmpty()) {
      missing.forEach(expect.putArray("without")::add);
    }
    Files.writeString(target.resolve(EXPECTATION), JSON.writeValueAsString(expect) + "\n");
  }

  static List<String> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  static void copy(Path from, Path to) throws IOException {
    for (String file : files(from)) {
      Files.createDirectories(to.resolve(file).getParent());
      Files.copy(from.resolve(file), to.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
