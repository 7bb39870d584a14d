package io.cloister.bundle.assemble;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Third-party notices. Every jar needs a line in {@code notices.json} (whose it is, under which
 * licence) and every licence its text: without one of them nothing is assembled.
 */
final class Notices {
  private static final Pattern LICENCE_FILE =
      Pattern.compile(
          "(META-INF/)?(third-?party-?)?(LICEN[CS]E|NOTICE|NOTICES)(\\.(txt|md))?",
          Pattern.CASE_INSENSITIVE);

  /**
   * One licence of one component.
   *
   * @param component {@code group:artifact}, a group, or the start of one
   * @param licence an SPDX identifier, also the name of the text
   */
  record Notice(String component, String licence, String copyright) {
    boolean covers(Sbom.Component jar) {
      String name = jar.group() + ":" + jar.name();
      return name.equals(component)
          || name.startsWith(component + ":")
          || name.startsWith(component + ".");
    }
  }

  private final Path texts;
  private final List<Notice> notices;

  private Notices(Path texts, List<Notice> notices) {
    this.texts = texts;
    this.notices = notices;
  }

  /** Reads {@code notices.json} and the licence texts beside it. */
  static Notices read(Path texts) throws IOException {
    List<Notice> notices = new ArrayList<>();
    byte[] json = Files.readAllBytes(texts.resolve("notices.json"));
    for (var node : new ObjectMapper().readTree(json)) {
      notices.add(
          new Notice(
              node.path("component").asText(),
              node.path("licence").asText(),
              node.path("copyright").asText()));
    }
    return new Notices(texts, notices);
  }

  /** The notices for a jar, at least one. */
  List<Notice> of(Sbom.Component jar) throws IOException {
    List<Notice> found = notices.stream().filter(notice -> notice.covers(jar)).toList();
    if (found.isEmpty()) {
      throw new IOException(
          "no licence is known for "
              + jar.jar()
              + ": add a line to "
              + texts.resolve("notices.json"));
    }
    return found;
  }

  /** Writes {@code NOTICES.txt} and {@code licenses/} for the jars and native libraries shipped. */
  void write(Path release, List<Sbom.Component> jars, BuildJdk jdk) throws IOException {
    var text = new StringBuilder(HEAD);
    var licences = new TreeSet<String>();
    for (Sbom.Component jar : jars) {
      text.append('\n').append(jar.jar()).append('\n');
      append(of(jar), text, licences);
      for (String own : copyOwnTexts(release, jar)) {
        text.append("  ").append(own).append('\n');
      }
    }
    text.append(
        """

        jre/
          The Java runtime: OpenJDK %s by %s, GPL-2.0-only with the Classpath Exception
          jre/legal/
          Source code: %s
        """
            .formatted(jdk.version(), jdk.vendor(), jdk.source()));
    for (HostLibraries.Found library : HostLibraries.in(release)) {
      licences.add(library.licence());
      append(library, text);
    }
    for (Path library : Folders.files(release.resolve("native"))) {
      appendCrates(
          library, RustCrates.in(release.resolve("native").resolve(library)), text, licences);
    }
    for (String licence : licences) {
      copy(texts.resolve(licence + ".txt"), release.resolve("licenses/" + licence + ".txt"));
    }
    Files.writeString(release.resolve("NOTICES.txt"), text);
  }

  private static void append(List<Notice> notices, StringBuilder text, Set<String> licences) {
    for (Notice notice : notices) {
      licences.add(notice.licence());
      text.append("  ").append(notice.copyright()).append('\n');
      text.append("  licenses/").append(notice.licence()).append(".txt\n");
    }
  }

  private static void append(HostLibraries.Found library, StringBuilder text) {
    text.append('\n').append(library.file()).append('\n');
    text.append("  ").append(library.copyright()).append("; as the build host's distribution\n");
    text.append("  has it\n  licenses/").append(library.licence()).append(".txt\n");
    library
        .from()
        .ifPresent(from -> text.append("  Source code: ").append(from.address()).append('\n'));
  }

  private void appendCrates(
      Path library, List<Sbom.Component> crates, StringBuilder text, Set<String> licences)
      throws IOException {
    if (!crates.isEmpty()) {
      text.append(
          """

          native/%s
            By its own messages it holds these Rust libraries, and perhaps others without any.
            Source code, where no other place is named: https://crates.io/crates/NAME/VERSION
          """
              .formatted(library));
    }
    for (Sbom.Component crate : crates) {
      text.append('\n').append(crate.name()).append(' ').append(crate.version()).append('\n');
      append(of(crate), text, licences);
    }
  }

  private static List<String> copyOwnTexts(Path release, Sbom.Component jar) throws IOException {
    List<String> names = new ArrayList<>();
    try (var zip = new ZipFile(release.resolve("lib").resolve(jar.jar()).toFile())) {
      for (ZipEntry entry : zip.stream().<ZipEntry>map(e -> e).toList()) {
        if (LICENCE_FILE.matcher(entry.getName()).matches()) {
          String name = "licenses/" + jar.name() + "/" + Path.of(entry.getName()).getFileName();
          Files.createDirectories(release.resolve(name).getParent());
          try (InputStream in = zip.getInputStream(entry)) {
            Files.copy(in, release.resolve(name), StandardCopyOption.REPLACE_EXISTING);
          }
          names.add(name);
        }
      }
    }
    return names;
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
  }

  private static final String HEAD =
      """
      Cloister contains the following software of others. Each entry names the file in lib/,
      whose it is, and where in this folder the licence text is.
      """;
}
