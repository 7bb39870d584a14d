package io.cloister.bundle.assemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cloister.installer.cli.Cloister;
import io.cloister.repo.cli.CloisterRepo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The manual pages as groff reads them, and what a bash and a zsh without settings complete. */
class CommandFilesTest {
  private static final LocalDate DATE = LocalDate.of(2026, 1, 1);

  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    CommandFiles files = new CommandFiles(Path.of("src/main/man"), "0.1.0", DATE);
    files.write(Cloister.describe(), 8, folder);
    files.write(CloisterRepo.describe(), 1, folder);
  }

  private List<Path> pages() {
    return List.of(
        folder.resolve("share/man/man8/cloister.8"),
        folder.resolve("share/man/man1/cloister-repo.1"));
  }

  /** Standard output and error together. */
  private String type(String... words) throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(words)
            .directory(Files.createDirectories(folder.resolve("work")).toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return Files.readString(output);
  }

  private static boolean hasGroff() {
    return has("groff");
  }

  private static boolean has(String program) {
    return Stream.of("/usr/bin", "/bin", "/usr/local/bin")
        .anyMatch(bin -> Files.isExecutable(Path.of(bin, program)));
  }

  /** As it is shown, in ASCII and without marks for bold. */
  private String shown(Path page) throws IOException, InterruptedException {
    return type("groff", "-man", "-Tascii", "-P-cbou", "-rLL=78n", page.toString());
  }

  @Test
  void groffHasNothingToSayAgainstThePages() throws Exception {
    assumeTrue(hasGroff(), "no groff here: apt-get install groff-base");
    for (Path page : pages()) {
      assertThat(type("groff", "-man", "-ww", "-rCHECKSTYLE=3", "-Tutf8", "-z", page.toString()))
          .isEmpty();
    }
  }

  @Test
  void thePagesShowEveryCommandWithEveryOption() throws Exception {
    assumeTrue(hasGroff(), "no groff here: apt-get install groff-base");
    assertShown(Cloister.describe(), shown(pages().getFirst()));
    assertShown(CloisterRepo.describe(), shown(pages().getLast()));
  }

  private static void assertShown(CommandSpec command, String page) {
    String heading =
        command.parent() == null ? "\nNAME\n" : "\n   " + command.qualifiedName() + "\n";
    assertThat(page).contains(heading);
    for (OptionSpec option : command.options()) {
      assertThat(page).contains(option.names());
    }
    command.subcommands().values().forEach(each -> assertShown(each.getCommandSpec(), page));
  }

  @Test
  void theSameCommandGivesTheSameBytes() throws IOException {
    List<String> before = texts();
    write();
    assertThat(texts()).isEqualTo(before);
    assertThat(Files.readString(pages().getFirst()))
        .startsWith(".TH \"cloister\" \"8\" \"2026\\-01\\-01\" \"Cloister 0.1.0\" \"Cloister\"\n");
  }

  private List<String> texts() throws IOException {
    List<String> texts = new ArrayList<>();
    for (Path file : Folders.files(folder.resolve("share"))) {
      texts.add(Files.readString(folder.resolve("share").resolve(file)));
    }
    return texts;
  }

  @Test
  void whatLooksLikeARequestToGroffIsShownAsItIs() throws Exception {
    assumeTrue(hasGroff(), "no groff here: apt-get install groff-base");
    CommandSpec command = CommandSpec.create().name("odd");
    command.addOption(
        OptionSpec.builder("--back\\slash").description(".so /etc/passwd", "'a \"b\"").build());
    String words =
        ".\\\" heading\n.SH NAME\nodd \\- odd\n.SH OPTIONS\n.\\\" options\n.\\\" commands\n";
    Path page = folder.resolve("odd.1");
    Files.writeString(page, ManPage.of(command, words, 1, "0.1.0", DATE));
    assertThat(shown(page)).contains("--back\\slash").contains(".so /etc/passwd 'a \"b\"");
    assertThatThrownBy(() -> ManPage.of(command, ".SH NAME\n", 1, "0.1.0", DATE))
        .hasMessageContaining("heading");
  }

  /** What Tab offers after these words, of which the last is begun. */
  private List<String> completed(String... words) throws IOException, InterruptedException {
    String script =
        """
        . "$1"; shift
        compopt() { :; }  # It works only while a person types.
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
        specification=$(complete -p "$1"); specification=${specification#*-F }
        "${specification%% *}" 2>&1; printf '%s\\n' "${COMPREPLY[@]}"
        """;
    List<String> line =
        Stream.concat(
                Stream.of(
                    "bash",
                    "--norc",
                    "--noprofile",
                    "-c",
                    script,
                    "bash",
                    folder
                        .resolve("share/bash-completion/completions")
                        .resolve(words[0])
                        .toString()),
                Stream.of(words))
            .toList();
    return type(line.toArray(String[]::new)).lines().filter(each -> !each.isBlank()).toList();
  }

  @Test
  void bashCompletesCommandsOptionsAndPaths() throws Exception {
    Files.createDirectories(folder.resolve("work/medium-1"));
    assertThat(completed("cloister", "upd")).containsExactly("update");
    assertThat(completed("cloister", "support", "")).containsExactly("collect");
    assertThat(completed("cloister", "update", "--dry")).containsExactly("--dry-run");
    assertThat(completed("cloister", "update", "med")).containsExactly("medium-1");
    assertThat(completed("cloister", "install", "--token-file", "med")).containsExactly("medium-1");
    assertThat(completed("cloister-repo", "pub")).containsExactly("publish");
    assertThat(completed("cloister-repo", "key", "gen")).containsExactly("generate");
  }

  /** What a person sees who types this in a zsh, with Tab at its end. */
  private String typedInZsh(String words) throws IOException, InterruptedException {
    String script =
        """
        zmodload zsh/zpty
        zpty shell "TERM=dumb ZDOTDIR=/nowhere zsh -f -i"
        zpty -w shell 'PS1="> " RPS1= fpath=("$1" $fpath); autoload -U compinit; compinit -u -D; echo RE""ADY'
        zpty -r -m shell seen '*READY*'
        zpty -w -n shell "$2"$'\t\t'
        zpty -w shell ' ; echo TY""PED'
        zpty -r -m shell seen '*TYPED*' && print -r -- "$seen"
        """
            .replace("$1", folder.resolve("share/zsh/site-functions").toString());
    return type("zsh", "-f", "-c", script, "zsh", "", words);
  }

  @Test
  void zshCompletesThemTooFromTheFirstTabOn() throws Exception {
    assumeTrue(has("zsh"), "no zsh here: apt-get install zsh");
    assertThat(typedInZsh("cloister upd")).contains("cloister update");
    assertThat(typedInZsh("cloister update --dry")).contains("cloister update --dry-run");
    assertThat(typedInZsh("cloister-repo key gen")).contains("cloister-repo key generate");
  }
}
