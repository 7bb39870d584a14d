package io.cloister.bundle.assemble;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import picocli.AutoComplete;
import picocli.CommandLine.Model.CommandSpec;

/**
 * What lies beside a command for the person who types it: the manual page, and what bash and zsh
 * complete (share/man and its like of the Filesystem Hierarchy Standard 3.0, §4.11).
 *
 * @param words folder of the manual pages as they are written by hand
 */
record CommandFiles(Path words, String version, LocalDate date) {
  void write(CommandSpec command, int section, Path folder) throws IOException {
    String name = command.name();
    String page = name + "." + section;
    String written = Files.readString(words.resolve(page));
    write(
        folder.resolve("share/man/man" + section).resolve(page),
        ManPage.of(command, written, section, version, date));
    write(
        folder.resolve("share/bash-completion/completions").resolve(name),
        AutoComplete.bash(name, command.commandLine()));
    write(folder.resolve("share/zsh/site-functions").resolve("_" + name), zsh(name));
  }

  /**
   * A function that zsh loads at the first Tab: what bash completes, found beside the function. zsh
   * has no {@code compopt}, which the script calls without need.
   */
  private static String zsh(String name) {
    return """
    #compdef NAME
    autoload -U +X bashcompinit && bashcompinit
    compopt() { : }
    source "${${(%):-%x}:A:h}/../../bash-completion/completions/NAME"
    _bash_complete -o default -F _complete_NAME
    """
        .replace("NAME", name);
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(file, text);
  }
}
