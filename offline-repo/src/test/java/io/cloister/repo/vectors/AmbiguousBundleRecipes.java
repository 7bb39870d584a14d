package io.cloister.repo.vectors;

import static io.cloister.repo.vectors.BundleRecipes.NO_BYTES;
import static io.cloister.repo.vectors.BundleRecipes.accepted;
import static io.cloister.repo.vectors.BundleRecipes.blob;
import static io.cloister.repo.vectors.BundleRecipes.insert;
import static io.cloister.repo.vectors.BundleRecipes.member;
import static io.cloister.repo.vectors.BundleRecipes.refused;

import io.cloister.repo.testing.RawTar;
import io.cloister.repo.testing.RawTar.Part;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Tars that two programs unpack differently. */
final class AmbiguousBundleRecipes {
  private static final int TWO_BLOCKS = 1024;

  private AmbiguousBundleRecipes() {}

  static Stream<Recipe> all() {
    return Stream.concat(lengths(), names());
  }

  private static Stream<Recipe> lengths() {
    return Stream.of(
        accepted(
            "pax-size",
            "a length in a pax header, the same as in the header",
            parts -> paxSize(parts, "blobs/", parts.get(blob(parts)).content().length)),
        refused(
            "pax-size-hides",
            "a file that a pax header makes longer: it holds setup.sh, which its header shows",
            parts -> twoFiles(parts, 0, TWO_BLOCKS)),
        refused(
            "pax-size-shows",
            "a file that a pax header makes empty, so that setup.sh shows, which its header hides",
            parts -> twoFiles(parts, TWO_BLOCKS, 0)));
  }

  private static Stream<Recipe> names() {
    return Stream.of(
        accepted(
            "pax-long-name",
            "a name that no header can say; the header has its last 100 characters",
            parts ->
                twoNames(parts, "later-" + "x".repeat(100) + ".json", "x".repeat(95) + ".json")),
        refused(
            "pax-path-hides",
            "a file that a pax header names later.json and its own header setup.sh",
            parts -> twoNames(parts, "later.json", "setup.sh")),
        refused(
            "pax-path-hides-long",
            "a long name in a pax header, of a file whose own header says setup.sh",
            parts -> twoNames(parts, "later-" + "x".repeat(100) + ".json", "setup.sh")),
        member(
            "file-and-folder", "a file named blobs, where a folder is", RawTar.text("blobs", "x")),
        member(
            "file-and-folder-but-for-case",
            "a file named Blobs, where a folder is",
            RawTar.text("Blobs", "x")),
        refused(
            "folder-and-file",
            "a folder of the name that a file has",
            parts -> {
              insert(parts, "SHA256SUMS", RawTar.text("targets/x.json", "{}"));
              insert(parts, "targets/x.json", RawTar.part("targets/x.json/", '5', NO_BYTES));
            }));
  }

  /** A file at the top whose content is a member, of one length by its header and of another. */
  private static void twoFiles(List<Part> parts, int plain, int extended) {
    byte[] member = Arrays.copyOf(RawTar.bytes(List.of(RawTar.text("setup.sh", "x"))), TWO_BLOCKS);
    Part later = RawTar.part("later.json", '0', member);
    insert(parts, "blobs/", later.with(block -> RawTar.put(block, 124, "%011o".formatted(plain))));
    paxSize(parts, "later.json", extended);
  }

  /** A file at the top that has one name by a pax header and another by its own. */
  private static void twoNames(List<Part> parts, String extended, String plain) {
    insert(parts, "blobs/", RawTar.pax(RawTar.record("path", extended)));
    insert(parts, "blobs/", RawTar.text(plain, "x"));
  }

  private static void paxSize(List<Part> parts, String before, int length) {
    insert(parts, before, RawTar.pax(RawTar.record("size", Integer.toString(length))));
  }
}
