package io.cloister.bundle.assemble;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was assembled keeps its promises. */
class ReleaseIT {
  private static final Path RELEASE = Path.of("target/release").toAbsolutePath();
  private static final Path TOKENIZERS = Path.of("libtokenizers.so");
  private static final Pattern GLIBC = Pattern.compile("GLIBC_2\\.(\\d+)");

  /** Names under which an engine has been seen to call home, and the calls that could do it. */
  private static final List<String> CALLS_HOME =
      List.of(
          "events.data.microsoft.com",
          "vortex.",
          "machine-id",
          "1ds",
          "libcurl",
          "\0getaddrinfo\0",
          "\0socket\0",
          "\0connect\0");

  /** A check by other means than ours: any mention of a version in any file that is code. */
  @Test
  void theStatedGlibcIsTheNewestThatAnyFileNames() throws IOException {
    int newest = 0;
    for (Path file : Folders.files(RELEASE)) {
      if (Elf.isElf(RELEASE.resolve(file))) {
        newest = Math.max(newest, newestGlibc(RELEASE.resolve(file)));
      }
    }
    assertThat(statement()).containsEntry("glibc", "2." + newest);
  }

  @Test
  void theStatementNamesVersionAndPlatform() throws IOException {
    assertThat(statement()).containsEntry("platform", "linux-x64").containsKey("version");
  }

  @Test
  void noNativeCodeButTheTokenizersCouldCallHome() throws IOException {
    List<Path> libraries = Folders.files(RELEASE.resolve("native"));
    assertThat(libraries).contains(Path.of("libonnxruntime.so"), TOKENIZERS);
    for (Path library : libraries) {
      String text = text(RELEASE.resolve("native").resolve(library));
      if (library.equals(TOKENIZERS)) {
        assertThat(text).contains("https://huggingface.co", "\0getaddrinfo\0");
      } else {
        assertThat(CALLS_HOME.stream().filter(text::contains))
            .as("signs of telemetry in %s", library)
            .isEmpty();
      }
    }
  }

  @Test
  void whatIsInTheTokenizersLibraryIsNamedWithItsLicence() throws IOException {
    String bill = Files.readString(RELEASE.resolve("sbom.cdx.json"));
    String notices = Files.readString(RELEASE.resolve("NOTICES.txt"));
    for (String crate : List.of("hf-hub", "ureq", "rustls", "ring", "onig", "icu_normalizer")) {
      assertThat(bill).contains("\"pkg:cargo/" + crate + "@");
      assertThat(notices).containsPattern("\n" + crate + " [0-9.]+\n  .*Copyright");
    }
    assertThat(notices).contains("licenses/ISC.txt", "licenses/Unicode-3.0.txt");
  }

  @Test
  void theNoticesSayWhereSourceCodeIsThatMustBeGivenOn() throws IOException {
    String notices = Files.readString(RELEASE.resolve("NOTICES.txt"));
    assertThat(notices).containsPattern("OpenJDK [0-9.+]+.*\n  jre/legal/\n  Source code: \\S");
    JsonNode bom = bill();
    for (JsonNode part : bom.path("components")) {
      if (part.path("name").asText().equals("native/libstdc++.so.6")
          && Files.exists(Path.of("/var/lib/dpkg/status"))) {
        assertThat(part.path("version").asText()).startsWith("1");
        assertThat(part.path("purl").asText()).startsWith("pkg:deb/").contains("/libstdc%2B%2B6@");
        assertThat(notices).containsPattern("libstdc.*\n.*\n.*\n.*\n  Source code: \\S");
      }
    }
  }

  /** Another heap, collector, environment and time would be in it, were they asked. */
  @Test
  void theClassArchiveOfJavaIsTheSameBytesWhereverItIsMade(@TempDir Path folder) throws Exception {
    Path archive = RELEASE.resolve("jre/lib/server/classes.jsa");
    Folders.copy(RELEASE.resolve("jre"), folder, file -> !file.endsWith("classes.jsa"));
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
      }
    }
    ClassArchive.writeOfJava(folder);
    assertThat(folder.resolve("lib/server/classes.jsa")).hasSameBinaryContentAs(archive);
    assertThat(archive.resolveSibling("classes_nocoops.jsa")).doesNotExist();
  }

  @Test
  void theManualPageAndTheCompletionLieWhereAHostLooksForThem() {
    assertThat(RELEASE.resolve("share/man/man8/cloister.8")).isNotEmptyFile();
    assertThat(RELEASE.resolve("share/bash-completion/completions/cloister")).isNotEmptyFile();
    assertThat(RELEASE.resolve("share/zsh/site-functions/_cloister")).isNotEmptyFile();
    Path vendor = RELEASE.resolveSibling("vendor");
    assertThat(vendor.resolve("share/man/man1/cloister-repo.1")).isNotEmptyFile();
    assertThat(vendor.resolve("share/bash-completion/completions/cloister-repo")).isNotEmptyFile();
  }

  @Test
  void nothingNeedsALibraryThatIsNotInTheRelease() throws IOException {
    Path empty = Files.createTempDirectory("missing");
    HostLibraries.complete(RELEASE, empty);
    assertThat(Folders.files(empty)).as("libraries that the host would have to have").isEmpty();
    Folders.delete(empty);
  }

  @Test
  void everyJarHasANoticeAndEveryLicenceItsText() throws IOException {
    String notices = Files.readString(RELEASE.resolve("NOTICES.txt"));
    assertThat(jars().stream().filter(jar -> !jar.startsWith("cloister")))
        .allSatisfy(jar -> assertThat(notices).contains("\n" + jar + "\n  Copyright"));
    assertThat(Pattern.compile("licenses/\\S+").matcher(notices).results())
        .allSatisfy(text -> assertThat(RELEASE.resolve(text.group())).isNotEmptyFile());
  }

  @Test
  void noJarCarriesNativeCode() throws IOException {
    for (String jar : jars()) {
      try (var zip = new ZipFile(RELEASE.resolve("lib").resolve(jar).toFile())) {
        assertThat(zip.stream().map(Object::toString))
            .as("entries of %s", jar)
            .noneMatch(name -> name.matches(".*\\.(so|dll|dylib|jnilib)"));
      }
    }
  }

  @Test
  void theBillOfMaterialsNamesEveryJarEveryLibraryAndJava() throws IOException {
    JsonNode bom = bill();
    String text = bom.toString();
    assertThat(jars().stream().filter(jar -> jar.matches(".*-\\d.*")))
        .allSatisfy(jar -> assertThat(text).contains(Sha256.of(RELEASE.resolve("lib/" + jar))));
    assertThat(Folders.files(RELEASE.resolve("native")))
        .allSatisfy(
            library ->
                assertThat(text).contains(Sha256.of(RELEASE.resolve("native").resolve(library))));
    assertThat(bom.path("components").findValuesAsText("name")).contains("OpenJDK");
    // That nothing names, but others need.
    assertThat(text).contains(",java.xml,");
  }

  private static JsonNode bill() throws IOException {
    return new ObjectMapper().readTree(Files.readAllBytes(RELEASE.resolve("sbom.cdx.json")));
  }

  @Test
  void aPackageManifestCanNameEveryFile() throws IOException {
    assertThat(Folders.files(RELEASE).stream().map(Path::toString))
        .allMatch(name -> name.matches("[A-Za-z0-9._+@-]+(/[A-Za-z0-9._+@-]+)*"));
    try (Stream<Path> paths = Files.walk(RELEASE)) {
      assertThat(paths.filter(path -> !Files.isDirectory(path)))
          .allMatch(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS));
    }
  }

  private static List<String> jars() throws IOException {
    return Folders.files(RELEASE.resolve("lib")).stream()
        .map(Path::toString)
        .filter(name -> name.endsWith(".jar"))
        .toList();
  }

  private static Map<String, String> statement() throws IOException {
    Map<String, String> lines = new TreeMap<>();
    for (String line : Files.readAllLines(RELEASE.resolve("RELEASE"))) {
      lines.put(line.split("=", 2)[0], line.split("=", 2)[1]);
    }
    return lines;
  }

  private static int newestGlibc(Path file) throws IOException {
    return GLIBC
        .matcher(text(file))
        .results()
        .mapToInt(match -> Integer.parseInt(match.group(1)))
        .max()
        .orElse(0);
  }

  /** One character per byte. */
  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
  }
}
