package io.cloister.installer.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.installer.console.Table;
import io.cloister.repo.ExitCode;
import io.cloister.repo.client.Anchor;
import io.cloister.repo.client.Catalog;
import io.cloister.repo.client.VerifiedPackage;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code cloister verify}: proves every byte of a medium, and changes nothing. */
@Command(name = "verify", description = "Prove every byte of a medium; nothing is changed.")
final class VerifyCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Cloister cloister;

  @Parameters(
      paramLabel = "MEDIA",
      arity = "1..*",
      description = {
        "A folder or a bundle; of a volume set any volumes, or the folder that holds them.",
        "A - reads a bundle from the standard input."
      })
  private List<Path> media = List.of();

  @Option(
      names = "--trusted-root",
      paramLabel = "FILE|sha256:HEX",
      converter = AnchorConverter.class,
      description = {
        "On a machine with nothing installed: the vendor's root.json,",
        "or the digest of it, from the vendor's letter."
      })
  private @Nullable Anchor trustedRoot;

  @Override
  public Integer call() {
    List<Path> paths = Media.paths(media);
    return Media.parent(cloister).perform(Media.words(paths), session -> verify(session, paths));
  }

  private ExitCode verify(Session session, List<Path> media) throws Exception {
    try (Source source = Source.open(session, media, Optional.ofNullable(trustedRoot))) {
      source.verify(session);
      session.console().result(json(source.catalog()), text(source.catalog(), source.isDelta()));
      return ExitCode.DONE;
    }
  }

  private static ObjectNode json(Catalog catalog) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("expires", catalog.expires().toString());
    ArrayNode packages = json.putArray("packages");
    for (VerifiedPackage each : catalog.packages()) {
      ObjectNode entry = packages.addObject();
      entry.put("kind", each.id().kind().toString());
      entry.put("name", each.id().name());
      entry.put("version", each.id().version().toString());
      entry.put("bytes", each.manifest().length());
      entry.put("manifest_sha256", each.manifestSha256().hex());
      entry.put("signed_at", each.provenance().signedAt().toString());
      ArrayNode keys = entry.putArray("keyids");
      each.provenance().keyIds().forEach(keys::add);
    }
    return json;
  }

  private static String text(Catalog catalog, boolean delta) {
    List<List<String>> rows =
        catalog.packages().stream()
            .map(
                each ->
                    List.of(
                        each.id().kind().toString(),
                        each.id().name(),
                        each.id().version().toString(),
                        each.provenance().signedAt().toString(),
                        Media.keys(each.provenance().keyIds())))
            .toList();
    return new Table(List.of("kind", "name", "version", "signed", "by keys"), rows).text()
        + (delta
            ? "every byte of this delta is proven, and what it leaves out, on this machine"
            : "every byte of this medium is proven")
        + "; its signatures expire "
        + catalog.expires()
        + "\n";
  }
}
