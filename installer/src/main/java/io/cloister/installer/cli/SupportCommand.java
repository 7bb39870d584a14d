package io.cloister.installer.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.installer.console.Console;
import io.cloister.installer.console.Step;
import io.cloister.installer.console.Table;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.support.SupportArchive;
import io.cloister.installer.support.SupportArchive.Outcome;
import io.cloister.installer.support.SupportWords;
import io.cloister.repo.ExitCode;
import io.cloister.repo.Problem;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code cloister support}: what the vendor needs to see. */
@Command(
    name = "support",
    description = "Collects what the vendor needs to see, without anything secret.",
    synopsisSubcommandLabel = "COMMAND")
public final class SupportCommand {
  @ParentCommand private @Nullable Cloister cloister;

  /** {@code cloister support collect}. */
  @Command(
      name = "collect",
      description = {
        "Writes one support archive: versions, slots, settings, logs, metrics, digests, host facts.",
        "Tokens, keys, passwords and request data are left out where they are read.",
        "Works with the appliance stopped. INDEX.json in the archive lists what it holds."
      })
  int collect(
      @Option(
              names = "--output",
              paramLabel = "FILE",
              description = "Default: cloister-support-TIME.tar.gz in the current folder.")
          @Nullable Path output) {
    Cloister parent = Media.parent(cloister);
    try (Console console = Console.choose(parent.edge().surroundings(), parent.json())) {
      HostPaths paths = parent.paths();
      return collect(Optional.ofNullable(output), paths, console).number();
    }
  }

  private ExitCode collect(Optional<Path> output, HostPaths paths, Console console) {
    Edge edge = Media.parent(cloister).edge();
    Path file =
        output.orElse(Path.of(SupportArchive.fileName(edge.now()))).toAbsolutePath().normalize();
    if (paths.ours().stream().noneMatch(Files::exists)) {
      return refuse(console, SupportWords.nothing(paths.root()));
    }
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return refuse(console, SupportWords.exists(file));
    }
    try (Step step = console.step("collect")) {
      Outcome outcome =
          new SupportArchive(paths, Cloister.version(), edge.machine().glibc().orElse(""))
              .write(file, edge.now(), step::doing);
      step.done();
      report(console, file, outcome);
      return ExitCode.DONE;
    } catch (FileAlreadyExistsException exists) {
      return refuse(console, SupportWords.exists(file));
    } catch (IOException fault) {
      return refuse(console, SupportWords.unwritable(file, fault));
    }
  }

  private static ExitCode refuse(Console console, Problem problem) {
    console.problem(problem);
    return problem.exit();
  }

  private static void report(Console console, Path file, Outcome outcome) {
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    data.put("archive", file.toString())
        .put("entries", outcome.entries())
        .put("redactions", outcome.redactions());
    ArrayNode missing = data.putArray("not_collected");
    outcome
        .failures()
        .forEach(f -> missing.addObject().put("entry", f.entry()).put("reason", f.reason()));
    StringBuilder text = new StringBuilder("support archive: " + file + "\n");
    text.append(
        "%d entries, %d redactions; INDEX.json lists both\n"
            .formatted(outcome.entries(), outcome.redactions()));
    if (!outcome.failures().isEmpty()) {
      List<List<String>> rows =
          outcome.failures().stream().map(f -> List.of(f.entry(), f.reason())).toList();
      text.append(new Table(List.of("NOT COLLECTED", "WHY"), rows).text());
    }
    console.result(data, text.toString());
  }
}
