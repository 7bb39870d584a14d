package io.cloister.repo.cli;

import io.cloister.repo.MediaRefusal.Where;
import io.cloister.repo.Problem;
import io.cloister.repo.RefusedException;
import io.cloister.repo.VendorRefusal.BadArgument;
import io.cloister.repo.client.Anchor;
import io.cloister.repo.client.Catalog;
import io.cloister.repo.client.MediumClient;
import io.cloister.repo.client.TrustStore;
import io.cloister.repo.content.Progress;
import io.cloister.repo.media.Medium;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.metadata.Sha256;
import io.cloister.repo.publish.Warning;
import io.cloister.repo.publish.Workspace;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What the vendor runs before shipping. */
@Command(
    name = "verify",
    description = {
      "Checks a repository or a medium as a customer's machine would, and warns of what that"
          + " accepts and a vendor should not ship unknowingly."
    })
final class VerifyCommand implements Callable<Integer> {
  @Parameters(
      arity = "1..*",
      paramLabel = "MEDIUM",
      description =
          "A repository; or a folder, a bundle, or every volume of a set; - reads a bundle.")
  private List<Path> paths = List.of();

  @Option(
      names = "--trusted-root",
      paramLabel = "ROOT",
      defaultValue = "",
      description = "A root.json, or sha256:HEX of the first one; without it the medium's own.")
  private String trustedRoot = "";

  @Mixin
  @SuppressWarnings("NullAway.Init") // Picocli makes it, with the clock.
  private CheckTimeOption time;

  @Spec private CommandSpec spec = CommandSpec.create();

  VerifyCommand() {}

  @Override
  public Integer call() throws RefusedException {
    Instant now = time.now();
    boolean repository = GivenMedia.isRepository(paths);
    PrintWriter out = spec.commandLine().getOut();
    int warnings = 0;
    if (repository) {
      Workspace workspace = Workspace.open(paths.getFirst());
      warnings = print(Warning.of(workspace), out);
      var _ = workspace.firstRoot();
    }
    try (Medium medium = GivenMedia.open(paths)) {
      MediumClient client = MediumClient.open(medium, TrustStore.inMemory(anchor(medium)), now);
      Catalog catalog = client.refresh();
      if (repository) {
        client.verifyPackages(catalog.packages(), Progress.SILENT);
      } else {
        client.verifyCarried(catalog, Progress.SILENT);
      }
      warnings += print(Warning.of(client.accepted(), now), out);
      out.printf(
          "verified %d packages, expires %s, %d warnings%n",
          catalog.packages().size(), catalog.expires(), warnings);
      return 0;
    }
  }

  /** As soon as they are known: a refusal may follow. How many there were. */
  private static int print(List<Warning> warnings, PrintWriter out) {
    warnings.forEach(each -> out.println("warning: " + Problem.printable(words(each))));
    return warnings.size();
  }

  private Anchor anchor(Medium medium) throws RefusedException {
    if (!trustedRoot.isEmpty()) {
      try {
        return Anchor.parse(trustedRoot);
      } catch (IllegalArgumentException e) {
        throw new RefusedException(
            new BadArgument("--trusted-root " + trustedRoot, String.valueOf(e.getMessage())));
      }
    }
    byte[] root = medium.read(Where.of("metadata/1.root.json"), RoleType.ROOT.bytesMax());
    return new Anchor.RootDigest(Sha256.of(root));
  }

  private static String words(Warning warning) {
    return switch (warning) {
      case Warning.ExpiresSoon it ->
          "%s expires %s; renew it before shipping".formatted(it.role(), it.expires());
      case Warning.RootOfOne _ -> "one key alone can sign root; a threshold of 2 or more is safer";
      case Warning.SharedKey it ->
          "key %s may sign %s; keys of different roles should differ"
              .formatted(it.keyId(), String.join(", ", it.roles()));
      case Warning.Unsigned it -> "%s was added and is not signed".formatted(it.targetPath());
      case Warning.Waiting it ->
          "%s version %d waits for signatures".formatted(it.role().role(), it.role().version());
    };
  }
}
