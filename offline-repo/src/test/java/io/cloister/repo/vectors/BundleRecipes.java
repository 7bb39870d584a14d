package io.cloister.repo.vectors;

import io.cloister.repo.testing.RawTar;
import io.cloister.repo.testing.RawTar.Part;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Faults of a tar that no file in it has, and what is none. */
final class BundleRecipes {
  private static final String TAR = "medium.tar";
  private static final Form BUNDLE = Form.of("good-bundle", TAR);
  static final byte[] NO_BYTES = {};
  private static final byte[] ONE = {1};

  private BundleRecipes() {}

  static Stream<Recipe> all() {
    return Stream.of(faultless(), types(), names(), numbers(), order(), ends(), blobs())
        .flatMap(each -> each);
  }

  private static Stream<Recipe> faultless() {
    return Stream.of(
        accepted(
            "folders",
            "entries for folders",
            parts -> parts.addFirst(RawTar.part("metadata/", '5', NO_BYTES))),
        accepted(
            "pax-path",
            "a name in a pax header",
            parts -> {
              String name = parts.get(blob(parts)).name();
              insert(parts, "blobs/", RawTar.pax(RawTar.record("path", name)));
            }),
        accepted(
            "other-order",
            "files of one section in another order",
            parts -> parts.add(parts.remove(blob(parts)))),
        accepted(
            "file-of-later",
            "a file at the top that this version does not know",
            parts -> insert(parts, "blobs/", RawTar.text("later.json", "{}"))),
        Recipe.accepted(
            BUNDLE,
            "accepted-bundle-twenty-blocks",
            "no fault: zeros up to 20 blocks, as GNU tar writes them",
            folder -> bytes(folder, tar -> Arrays.copyOf(tar, (tar.length / 10240 + 1) * 10240))),
        Recipe.accepted(
            BUNDLE,
            "accepted-bundle-21-blocks-of-zeros",
            "no fault: the most that GNU tar adds",
            folder -> bytes(folder, tar -> Arrays.copyOf(tar, tar.length + 19 * 512))));
  }

  private static Stream<Recipe> types() {
    return Stream.of(
        member("symbolic-link", "a symbolic link", linked(RawTar.part("notes", '2', NO_BYTES))),
        member("hard-link", "a hard link", linked(RawTar.part("notes", '1', NO_BYTES))),
        member("link-name", "a plain file with a link name", linked(RawTar.text("notes", "x"))),
        member("device", "a character device", RawTar.part("notes", '3', NO_BYTES)),
        member("pipe", "a FIFO", RawTar.part("notes", '6', NO_BYTES)),
        member("sparse", "a GNU sparse file", RawTar.part("notes", 'S', NO_BYTES)),
        member("long-name", "a GNU long name", RawTar.part("notes", 'L', new byte[] {'x', 0})),
        member("old-file", "a plain file of type NUL", RawTar.part("notes", '\0', NO_BYTES)),
        member(
            "global-header",
            "a global pax header",
            RawTar.part(
                "pax", 'g', RawTar.record("path", "x").getBytes(StandardCharsets.US_ASCII))),
        member("folder-with-content", "a folder with content", RawTar.part("blobs/", '5', ONE)),
        refused(
            "pax-sparse",
            "a pax header that makes a file sparse",
            parts -> insert(parts, "blobs/", RawTar.pax(RawTar.record("GNU.sparse.major", "1")))),
        refused(
            "pax-twice",
            "two pax headers before one file",
            parts -> {
              Part header = RawTar.pax(RawTar.record("path", parts.get(blob(parts)).name()));
              insert(parts, "blobs/", header);
              insert(parts, "pax", header);
            }));
  }

  private static Stream<Recipe> names() {
    return Stream.of(
        member("climbs", "a file named ../notes", RawTar.text("../notes", "x")),
        member("absolute", "a file named /notes", RawTar.text("/notes", "x")),
        member("backslash", "a file named a\\b", RawTar.text("a\\b", "x")),
        member("colon", "a file named c:x", RawTar.text("c:x", "x")),
        member("trailing-dot", "a file named notes.", RawTar.text("notes.", "x")),
        member("nul", "bytes after the NUL that ends a name", RawTar.text("notes\0.sh", "x")),
        member("other-folder", "a file that no bundle has", RawTar.text("other/notes", "x")),
        member(
            "same-but-for-case",
            "a second README.txt, in other case",
            RawTar.text("readme.TXT", "x")),
        member(
            "unnamed-blob",
            "a blob that no manifest names",
            RawTar.text("blobs/sha256/aa/" + "a".repeat(64), "x")),
        refused("twice", "a file twice", parts -> parts.add(parts.get(blob(parts)))),
        refused(
            "pax-climbs",
            "a pax header that renames a file to ../notes",
            parts -> {
              insert(parts, "blobs/", RawTar.pax(RawTar.record("path", "../notes")));
              parts.add(blob(parts), RawTar.text("notes", "x"));
            }));
  }

  private static Stream<Recipe> numbers() {
    return Stream.of(
        refused("checksum", "a wrong checksum", parts -> parts.getFirst().header()[148] ^= 1),
        header("magic", "the magic of GNU tar", b -> RawTar.put(b, 257, "ustar  \0")),
        header("base-256", "a length in base 256", block -> block[124] = (byte) 0x80),
        header("signed", "a length with a sign", block -> block[124] = '-'),
        header("endless", "a length of 8 GiB", b -> RawTar.put(b, 124, "77777777777")));
  }

  private static Stream<Recipe> order() {
    return Stream.of(
        refused(
            "order",
            "manifests before the metadata",
            parts -> {
              int at = first(parts, "targets/");
              parts.addFirst(parts.remove(at));
            }),
        refused(
            "blob-before-list",
            "a blob before the files at the top",
            parts -> {
              Part blob = parts.remove(blob(parts));
              insert(parts, "README.txt", blob);
            }));
  }

  private static Stream<Recipe> ends() {
    return Stream.of(
        bytes(
            "cut", "it ends in the middle of a blob", tar -> Arrays.copyOf(tar, tar.length - 2000)),
        bytes("one-block", "one block of zeros at the end", t -> Arrays.copyOf(t, t.length - 512)),
        bytes("22-blocks-of-zeros", "more than any program adds", BundleRecipes::longer),
        bytes("appended", "a byte after the end", BundleRecipes::appended),
        bytes("padding", "a byte that is not zero after a file", BundleRecipes::padded));
  }

  private static byte[] longer(byte[] tar) {
    return Arrays.copyOf(tar, tar.length + 20 * 512);
  }

  private static byte[] appended(byte[] tar) {
    byte[] longer = Arrays.copyOf(tar, tar.length + 512);
    longer[tar.length] = 1;
    return longer;
  }

  private static byte[] padded(byte[] tar) {
    byte[] padded = tar.clone();
    padded[512 + RawTar.parts(tar).getFirst().content().length] = 1;
    return padded;
  }

  private static Stream<Recipe> blobs() {
    return Stream.of(
        Recipe.refused(
            BUNDLE,
            "blob",
            "bundle-blob-missing",
            "MEDIA-MISSING",
            "a blob is not there",
            folder -> parts(folder, parts -> parts.remove(blob(parts)))),
        Recipe.refused(
            BUNDLE,
            "blob",
            "bundle-blob-changed",
            "MEDIA-DAMAGED",
            "one bit of a blob",
            folder -> parts(folder, parts -> parts.get(blob(parts)).content()[7] ^= 1)),
        Recipe.refused(
            BUNDLE,
            "blob",
            "bundle-blob-short",
            "MEDIA-LENGTH",
            "a blob is shorter than signed",
            folder ->
                parts(
                    folder,
                    parts -> {
                      int at = blob(parts);
                      parts.set(at, RawTar.text(parts.get(at).name(), "abc"));
                    })));
  }

  static Recipe accepted(String name, String what, Consumer<List<Part>> change) {
    return Recipe.accepted(
        BUNDLE, "accepted-bundle-" + name, "no fault: " + what, folder -> parts(folder, change));
  }

  static Recipe refused(String name, String fault, Consumer<List<Part>> change) {
    return form(name, fault, folder -> parts(folder, change));
  }

  /** One more member, before the blobs. */
  static Recipe member(String name, String fault, Part part) {
    return refused(
        name,
        fault,
        parts -> parts.add(part.name().startsWith("blobs/") ? parts.size() : blob(parts), part));
  }

  private static Recipe header(String name, String fault, Consumer<byte[]> change) {
    return refused(
        name, fault, parts -> parts.set(blob(parts), parts.get(blob(parts)).with(change)));
  }

  private static Recipe bytes(String name, String fault, UnaryOperator<byte[]> change) {
    return form(name, fault, folder -> bytes(folder, change));
  }

  private static Recipe form(String name, String fault, Recipe.Change change) {
    return Recipe.refused(BUNDLE, "form", "bundle-" + name, "MEDIA-BUNDLE", fault, change);
  }

  private static void parts(Path folder, Consumer<List<Part>> change) throws IOException {
    bytes(
        folder,
        tar -> {
          List<Part> parts = new ArrayList<>(RawTar.parts(tar));
          change.accept(parts);
          return RawTar.bytes(parts);
        });
  }

  private static void bytes(Path folder, UnaryOperator<byte[]> change) throws IOException {
    Path tar = folder.resolve(TAR);
    Files.write(tar, change.apply(Files.readAllBytes(tar)));
  }

  private static Part linked(Part part) {
    return part.with(block -> RawTar.put(block, 157, "/etc/passwd"));
  }

  static void insert(List<Part> parts, String before, Part part) {
    parts.add(first(parts, before), part);
  }

  static int blob(List<Part> parts) {
    return first(parts, "blobs/");
  }

  private static int first(List<Part> parts, String prefix) {
    int at = 0;
    while (!parts.get(at).name().startsWith(prefix)) {
      at++;
    }
    return at;
  }
}
