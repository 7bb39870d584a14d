package io.cloister.bundle.assemble;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The Rust libraries ("crates") in a native library, of which its publisher names few: their source
 * paths stand in the messages that Rust's compiler left. A crate without any message is not found.
 */
final class RustCrates {
  /** The group under which {@code notices.json} names them. */
  static final String GROUP = "cargo";

  /**
   * Where cargo keeps sources: of its registry by version, of a git repository by commit; and
   * Rust's own library.
   */
  private static final Pattern SOURCE =
      Pattern.compile(
          "/registry/src/[^/]+/(?<crate>[\\w-]+?)-(?<version>\\d+\\.\\d+\\.\\d+[\\w.+-]*)/"
              + "|/git/checkouts/(?<repository>[\\w-]+?)-[0-9a-f]{16}/(?<commit>[0-9a-f]{7,40})/"
              + "|/rustc/(?<rust>[0-9a-f]{40})/library/");

  private RustCrates() {}

  /** Sorted, each once; none where the library is not of Rust. */
  static List<Sbom.Component> in(Path library) throws IOException {
    String text = new String(Files.readAllBytes(library), StandardCharsets.ISO_8859_1);
    return SOURCE
        .matcher(text)
        .results()
        .map(RustCrates::component)
        .distinct()
        .sorted(Comparator.comparing(Sbom.Component::jar))
        .toList();
  }

  /** As the package URL specification has it. */
  static String purl(Sbom.Component crate) {
    String place =
        switch (crate.name()) {
          case "std" -> "github/rust-lang/rust";
          case "candle" -> "github/huggingface/candle";
          default -> "cargo/" + crate.name();
        };
    return "pkg:" + place + "@" + crate.version();
  }

  private static Sbom.Component component(MatchResult found) {
    if (found.group("crate") != null) {
      return new Sbom.Component(GROUP, found.group("crate"), found.group("version"));
    }
    return found.group("rust") != null
        ? new Sbom.Component(GROUP, "std", found.group("rust"))
        : new Sbom.Component(GROUP, found.group("repository"), found.group("commit"));
  }
}
