package io.cloister.bundle.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What documents name is there. */
class DocumentsTest {
  private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|mailto:|#)([^)#\\s]+)");
  private static final Pattern SCRIPT =
      Pattern.compile("(?<![\\w/.-])scripts/[a-z]+(?:-[a-z]+)*\\b");
  private static final Pattern COMMAND =
      Pattern.compile("(?m)(?:^\\$ |`)(?:bin/)?cloister(?:-repo)? ([a-z]{3,})\\b");
  private static final Pattern COMMAND_NAME =
      Pattern.compile("@Command\\(\\s*(?:[^)\"]*?)name = \"([a-z]+)\"");
  private static final Pattern CODE =
      Pattern.compile(
          "\"((?:TRUST|MEDIA|HOST|SLOT|SERVICE|USAGE|SUPPORT|VENDOR|BACKUP|DEFECT)(?:-[A-Z0-9]+)+)\"");
  private static final Pattern SCRIPT_CODE = Pattern.compile("\\bfail ([A-Z]+(?:-[A-Z]+)+)");

  @Test
  void everyRelativeLinkLeadsSomewhere() {
    Set<String> broken = new TreeSet<>();
    for (Path document : SourceTree.documents()) {
      matches(LINK, document, 1)
          .filter(link -> !Files.exists(SourceTree.ROOT.resolve(document).resolveSibling(link)))
          .forEach(link -> broken.add(document + " -> " + link));
    }
    assertThat(broken).as("links to files that are not there").isEmpty();
  }

  @Test
  void everyScriptThatADocumentNamesIsThere() {
    Set<String> missing = new TreeSet<>();
    for (Path document : SourceTree.documents()) {
      matches(SCRIPT, document, 0)
          .filter(script -> !Files.exists(SourceTree.ROOT.resolve(script)))
          .forEach(script -> missing.add(document + " names " + script));
    }
    assertThat(missing).as("scripts that documents name and nobody wrote").isEmpty();
  }

  @Test
  void everyCommandThatADocumentNamesIsThere() {
    Set<String> commands = new TreeSet<>();
    SourceTree.java().forEach(file -> matches(COMMAND_NAME, file, 1).forEach(commands::add));
    Set<String> missing = new TreeSet<>();
    for (Path document : SourceTree.documents()) {
      matches(COMMAND, document, 1)
          .filter(command -> !commands.contains(command))
          .forEach(command -> missing.add(document + " names cloister " + command));
    }
    assertThat(missing).as("commands that documents name and no class has").isEmpty();
  }

  @Test
  void everyErrorCodeHasItsSection() {
    Path page = Path.of("docs/reference/errors.md");
    Set<String> headings = new TreeSet<>();
    if (Files.exists(SourceTree.ROOT.resolve(page))) {
      matches(Pattern.compile("(?m)^## ([A-Z0-9-]+)"), page, 1).forEach(headings::add);
    }
    Set<String> codes = new TreeSet<>();
    SourceTree.java().stream()
        .filter(file -> file.toString().contains("src/main/"))
        .forEach(file -> matches(CODE, file, 1).forEach(codes::add));
    Stream.concat(SourceTree.scripts().stream(), SourceTree.scriptParts().stream())
        .forEach(file -> matches(SCRIPT_CODE, file, 1).forEach(codes::add));
    codes.removeAll(headings);
    assertThat(codes).as("error codes without a section in %s", page).isEmpty();
  }

  private static Stream<String> matches(Pattern pattern, Path file, int group) {
    return pattern.matcher(SourceTree.text(file)).results().map(match -> match.group(group));
  }
}
