package io.cloister.repo.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.repo.MediaRefusal.Where;
import io.cloister.repo.Problem;
import io.cloister.repo.RefusedException;
import io.cloister.repo.client.AcceptedRoles;
import io.cloister.repo.client.Anchor;
import io.cloister.repo.client.Catalog;
import io.cloister.repo.client.MediumClient;
import io.cloister.repo.client.TrustStore;
import io.cloister.repo.client.VerifiedPackage;
import io.cloister.repo.content.Progress;
import io.cloister.repo.media.Delta;
import io.cloister.repo.media.Medium;
import io.cloister.repo.media.ParityNote;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.metadata.Sha256;
import io.cloister.repo.publish.RoleStatus;
import io.cloister.repo.publish.Workspace;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what a medium holds. */
@Command(
    name = "inspect",
    description = {
      "Checks every byte of a medium or a repository and prints what it holds: roles, keys, packages.",
      "Takes the medium's own first root as trusted: that shows that it is whole, not whose it is."
    })
final class InspectCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "MEDIUM",
      arity = "1..*",
      description = {
        "A folder or a bundle; of a volume set all volumes, or the folder that holds them.",
        "A - reads a bundle from the standard input. A repository's folder will do, too."
      })
  private List<Path> paths = List.of();

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Mixin
  @SuppressWarnings("NullAway.Init") // Picocli makes it, with the clock.
  private CheckTimeOption time;

  @Spec private CommandSpec spec = CommandSpec.create();

  InspectCommand() {}

  @Override
  public Integer call() throws RefusedException {
    boolean repository = GivenMedia.isRepository(paths);
    PrintWriter out = spec.commandLine().getOut();
    if (repository) {
      print(Workspace.open(paths.getFirst()), out);
    }
    try (Medium medium = GivenMedia.open(paths)) {
      byte[] root = medium.read(Where.of("metadata/1.root.json"), RoleType.ROOT.bytesMax());
      Sha256 digest = Sha256.of(root);
      TrustStore trust = TrustStore.inMemory(new Anchor.RootDigest(digest));
      MediumClient client = MediumClient.open(medium, trust, time.now());
      Catalog catalog = client.refresh();
      Optional<Delta> delta = Delta.find(medium);
      if (repository) {
        client.verifyPackages(catalog.packages(), Progress.SILENT);
      } else {
        client.verifyCarried(catalog, Progress.SILENT);
      }
      if (json) {
        out.println(json(catalog, digest, delta));
        return 0;
      }
      out.println("root      sha256:" + digest);
      out.println("made      " + catalog.provenance().signedAt());
      out.println("expires   " + catalog.expires());
      if (!repository) {
        RoleTable.print(client.accepted(), out);
      }
      print(catalog, client.accepted(), out);
      delta.ifPresent(it -> print(it, out));
      ParityNote.find(medium).ifPresent(it -> print(it, out));
      return 0;
    }
  }

  /** First, for who asks may want to mend what the checks refuse. */
  private void print(Workspace workspace, PrintWriter out) throws RefusedException {
    if (!json) {
      RoleTable.print(workspace, out);
      StatusWords.print(workspace.roles().stream().filter(RoleStatus::staged).toList(), out);
      StatusWords.printUnsigned(workspace, out);
    }
    var _ = workspace.firstRoot();
  }

  private static void print(Catalog catalog, AcceptedRoles accepted, PrintWriter out) {
    Map<String, String> owners = RoleTable.owners(accepted);
    for (VerifiedPackage each : catalog.packages()) {
      out.printf(
          "package   %s, %d files, %d bytes, by %s, manifest sha256:%s%n",
          each.id(),
          each.manifest().files().size(),
          each.manifest().length(),
          Problem.printable(String.valueOf(owners.get(each.id().targetPath()))),
          each.manifestSha256());
    }
  }

  private static void print(Delta delta, PrintWriter out) {
    out.printf("delta     leaves out %d blobs, %d bytes, of:%n", delta.blobs(), delta.bytes());
    delta.base().forEach((name, digest) -> out.printf("needs     %s, sha256:%s%n", name, digest));
    out.println("proven    what is on this medium; a machine proves the rest from what it has");
  }

  private static void print(ParityNote parity, PrintWriter out) {
    out.printf(
        "parity    %d shards of %d bytes: %d of each %d may be lost%n",
        parity.shards().size(),
        parity.shardBytes(),
        parity.code().parityCount(),
        parity.code().dataCount() + parity.code().parityCount());
  }

  private static ObjectNode json(Catalog catalog, Sha256 root, Optional<Delta> delta) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("root_sha256", root.hex());
    document.put("signed_at", catalog.provenance().signedAt().toString());
    document.put("expires", catalog.expires().toString());
    document.put("root_version", catalog.rootVersion());
    document.put("timestamp_version", catalog.timestampVersion());
    document.put("targets_version", catalog.provenance().targetsVersion());
    catalog.provenance().keyIds().forEach(document.putArray("keyids")::add);
    var packages = document.putArray("packages");
    for (VerifiedPackage each : catalog.packages()) {
      packages
          .addObject()
          .put("kind", each.id().kind().toString())
          .put("name", each.id().name())
          .put("version", each.id().version().toString())
          .put("manifest_sha256", each.manifestSha256().hex())
          .put("files", each.manifest().files().size())
          .put("bytes", each.manifest().length());
    }
    delta.ifPresent(it -> put(it, document.putObject("delta")));
    return document;
  }

  private static void put(Delta delta, ObjectNode node) {
    node.put("blobs", delta.blobs()).put("bytes", delta.bytes());
    ObjectNode base = node.putObject("base");
    delta.base().forEach((name, digest) -> base.put(name, digest.hex()));
  }
}
