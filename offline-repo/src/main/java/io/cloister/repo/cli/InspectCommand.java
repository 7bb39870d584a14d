package io.cloister.repo.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.repo.MediaRefusal.Where;
import io.cloister.repo.RefusedException;
import io.cloister.repo.client.Anchor;
import io.cloister.repo.client.Catalog;
import io.cloister.repo.client.MediumClient;
import io.cloister.repo.client.TrustStore;
import io.cloister.repo.client.VerifiedPackage;
import io.cloister.repo.content.Progress;
import io.cloister.repo.media.Medium;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.metadata.Sha256;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
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
      "Checks every byte of a medium and prints what it holds.",
      "Takes the medium's own first root as trusted: that shows that it is whole, not whose it is."
    })
final class InspectCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "MEDIUM",
      description = "A folder, or a bundle; - reads a bundle from the standard input.")
  private Path path = Path.of("");

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Mixin
  @SuppressWarnings("NullAway.Init") // Picocli makes it, with the environment and the clock.
  private TimeOption time;

  @Spec private CommandSpec spec = CommandSpec.create();

  InspectCommand() {}

  @Override
  public Integer call() throws RefusedException {
    try (Medium medium = open()) {
      byte[] root = medium.read(Where.of("metadata/1.root.json"), RoleType.ROOT.bytesMax());
      Sha256 digest = Sha256.of(root);
      TrustStore trust = TrustStore.inMemory(new Anchor.RootDigest(digest));
      MediumClient client = MediumClient.open(medium, trust, time.now());
      Catalog catalog = client.refresh();
      client.verifyAll(catalog, Progress.SILENT);
      PrintWriter out = spec.commandLine().getOut();
      if (json) {
        out.println(json(catalog, digest));
      } else {
        print(catalog, digest, out);
      }
      return 0;
    }
  }

  private Medium open() throws RefusedException {
    return path.toString().equals("-")
        ? Medium.pipe(new FileInputStream(FileDescriptor.in))
        : Medium.open(path);
  }

  private static void print(Catalog catalog, Sha256 root, PrintWriter out) {
    out.println("root      sha256:" + root);
    out.println("made      " + catalog.provenance().signedAt());
    out.println("expires   " + catalog.expires());
    out.printf(
        "versions  root %d, timestamp %d, targets %d%n",
        catalog.rootVersion(), catalog.timestampVersion(), catalog.provenance().targetsVersion());
    catalog.provenance().keyIds().forEach(id -> out.println("signer    " + id));
    for (VerifiedPackage each : catalog.packages()) {
      out.printf(
          "package   %s, %d files, %d bytes%n",
          each.id(), each.manifest().files().size(), each.manifest().length());
    }
  }

  private static ObjectNode json(Catalog catalog, Sha256 root) {
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
    return document;
  }
}
