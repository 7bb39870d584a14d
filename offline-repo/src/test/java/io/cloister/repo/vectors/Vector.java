package io.cloister.repo.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.repo.testing.SigningRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
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
 * @param packages what is found on an accepted medium; empty where it is not asked
 */
record Vector(
    String name,
    String fault,
    String layer,
    Optional<String> code,
    List<String> without,
    Optional<String> after,
    Form form,
    Optional<List<String>> packages) {
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
            text(expect, "of").orElse(Form.GOOD), texts(expect, "media"), text(expect, "machine")),
        expect.has("packages") ? Optional.of(texts(expect, "packages")) : Optional.empty());
  }

  /** In the form of a vector that nothing was accepted before. */
  static Vector of(String name, String fault, String layer, Optional<String> code, Form form) {
    return new Vector(
        name, fault, layer, code, List.of(), Optional.empty(), form, Optional.empty());
  }

  Vector after(String accepted) {
    return new Vector(name, fault, layer, code, without, Optional.of(accepted), form, packages);
  }

  Vector finding(List<String> found) {
    return new Vector(name, fault, layer, code, without, after, form, Optional.of(found));
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
      if (!isSame(before.resolve(file), files.resolve(file))) {
        copy(files.resolve(file), target, file);
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
    packages.ifPresent(each -> each.forEach(expect.putArray("packages")::add));
    if (!missing.isEmpty()) {
      missing.forEach(expect.putArray("without")::add);
    }
    return expect;
  }

  private static boolean isSame(Path one, Path other) throws IOException {
    boolean plain = Files.isRegularFile(one, LinkOption.NOFOLLOW_LINKS);
    return plain && !Files.isSymbolicLink(other) && Files.mismatch(one, other) < 0;
  }

  /** Links too, which are not followed. */
  static List<String> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(each -> !Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS))
          .map(file -> folder.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  static void copy(Path from, Path to) throws IOException {
    for (String file : files(from)) {
      copy(from.resolve(file), to, file);
    }
  }

  private static void copy(Path file, Path to, String name) throws IOException {
    Files.createDirectories(to.resolve(name).getParent());
    Files.copy(
        file, to.resolve(name), StandardCopyOption.REPLACE_EXISTING, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public String toString() {
    return name;
  }
}
