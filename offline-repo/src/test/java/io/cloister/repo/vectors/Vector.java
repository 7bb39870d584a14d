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
 * One fault, and what a reader must say of it. On disk a vector is the files that differ from those
 * of another, mostly {@code good}, and {@code expect.json}.
 *
 * @param layer where it must be found; what comes later is not looked at
 * @param code of the refusal; empty where the medium is accepted
 * @param without files of the other vector that are missing
 * @param after the vector that this reader accepted before
 */
record Vector(
    String name,
    String fault,
    String layer,
    Optional<String> code,
    List<String> without,
    Optional<String> after,
    Form form) {
  static final String NONE = "none";
  static final Path FOLDER = Path.of("../docs/format/vectors").toAbsolutePath().normalize();
  static final String EXPECTATION = "expect.json";
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  static Path good() {
    return FOLDER.resolve(Form.GOOD);
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
    return new Vector(
        String.valueOf(folder.getFileName()),
        expect.get("fault").asText(),
        expect.get("layer").asText(),
        text(expect, "code"),
        texts(expect, "without"),
        text(expect, "after"),
        new Form(
            text(expect, "of").orElse(Form.GOOD), texts(expect, "media"), text(expect, "machine")));
  }

  private static List<String> texts(JsonNode node, String field) {
    List<String> texts = new ArrayList<>();
    node.path(field).forEach(each -> texts.add(each.asText()));
    return texts;
  }

  private static Optional<String> text(JsonNode node, String field) {
    return Optional.ofNullable(node.get(field)).map(JsonNode::asText);
  }

  /** All files of a vector, below a new folder. */
  static Path lay(String name, Path folder) throws IOException {
    if (name.equals(Form.GOOD)) {
      copy(good(), folder);
    } else if (!name.equals(Form.NOTHING)) {
      named(name).lay(folder);
    }
    return folder;
  }

  /** The files with the fault, below a new folder. */
  Path lay(Path folder) throws IOException {
    lay(form.of(), folder);
    for (String name : without) {
      Files.delete(folder.resolve(name));
    }
    copy(FOLDER.resolve(name), folder);
    Files.deleteIfExists(folder.resolve(EXPECTATION));
    return folder;
  }

  /** What to give to a reader, of the files that were laid down there. */
  List<Path> media(Path folder) {
    return form.media().isEmpty()
        ? List.of(folder)
        : form.media().stream().map(folder::resolve).toList();
  }

  /** Writes what differs; scratch is an empty folder. */
  void write(Path files, Path scratch) throws IOException {
    Path before = lay(form.of(), Files.createDirectories(scratch));
    Path target = FOLDER.resolve(name);
    List<String> missing = new ArrayList<>(files(before));
    missing.removeIf(file -> Files.exists(files.resolve(file)));
    for (String file : files(files)) {
      Path same = before.resolve(file);
      byte[] bytes = Files.readAllBytes(files.resolve(file));
      if (!Files.exists(same) || !Arrays.equals(Files.readAllBytes(same), bytes)) {
        Files.createDirectories(target.resolve(file).getParent());
        Files.write(target.resolve(file), bytes);
      }
    }
    Files.createDirectories(target);
    Files.writeString(
        target.resolve(EXPECTATION), JSON.writeValueAsString(expectation(missing)) + "\n");
  }

  private ObjectNode expectation(List<String> missing) {
    ObjectNode expect = JSON.createObjectNode();
    expect.put("fault", fault).put("layer", layer);
    code.ifPresent(each -> expect.put("code", each));
    expect.put("clock", SigningRepository.NOW.toString());
    after.ifPresent(each -> expect.put("after", each));
    if (!form.of().equals(Form.GOOD)) {
      expect.put("of", form.of());
    }
    if (!form.media().isEmpty()) {
      form.media().forEach(expect.putArray("media")::add);
    }
    form.machine().ifPresent(each -> expect.put("machine", each));
    if (!missing.isEmpty()) {
      missing.forEach(expect.putArray("without")::add);
    }
    return expect;
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
