package io.cloister.repo.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A person at a machine that has nothing yet, who types what the README of a medium says. */
final class Newcomer {
  private static final List<String> COMMANDS =
      List.of("mkdir ", "openssl ", "grep ", "sh ", "(cd ");

  private final Path home;
  private final Map<String, String> environment;

  /**
   * @param home an empty folder
   * @param environment of the machine, e.g. whom its OpenSSL trusts
   */
  Newcomer(Path home, Map<String, String> environment) {
    this.home = home;
    this.environment = environment;
  }

  /** What came of a command. */
  record Said(int status, String text) {}

  /** What a README tells to type where OpenSSL is older than 3.5. */
  static List<String> lines(Path readme) throws IOException {
    return Files.readString(readme, StandardCharsets.US_ASCII)
        .lines()
        .filter(line -> line.startsWith("  "))
        .map(String::strip)
        .filter(line -> COMMANDS.stream().anyMatch(line::startsWith))
        .filter(line -> !line.contains("mldsa87"))
        .toList();
  }

  /** Types these lines, and stops where the fingerprint is not the letter's. */
  Said types(List<String> lines, Path medium, String fingerprint) throws Exception {
    List<String> here =
        lines.stream().map(line -> line.replace(MediumReadme.PLACE, medium.toString())).toList();
    assertThat(here).hasSizeGreaterThan(3);
    assertThat(here.get(1)).contains("-fingerprint");
    Said first = run(String.join("\n", here.subList(0, 2)));
    assertThat(first.text()).as("what is compared with the letter").contains(fingerprint);
    Said second = run("cd check\n" + String.join("\n", here.subList(2, here.size())));
    return new Said(second.status(), first.text() + second.text());
  }

  /** In a shell, in the person's folder. */
  Said run(String script) throws Exception {
    return run(List.of("sh", "-c", script));
  }

  Said run(String... words) throws Exception {
    return run(Stream.of(words).toList());
  }

  private Said run(List<String> words) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(words).directory(home.toFile());
    builder.environment().putAll(environment);
    Path output = home.resolveSibling(home.getFileName() + ".output");
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    boolean ended = process.waitFor(1, TimeUnit.MINUTES);
    process.destroyForcibly();
    String text = Files.readString(output, StandardCharsets.ISO_8859_1);
    assertThat(ended).as(text).isTrue();
    return new Said(process.exitValue(), text);
  }
}
