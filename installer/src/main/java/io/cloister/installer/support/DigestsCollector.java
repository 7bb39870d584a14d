package io.cloister.installer.support;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.repo.MediaRefusal.InstalledFileChanged;
import io.cloister.repo.Refusal;
import io.cloister.repo.RefusedException;
import io.cloister.repo.content.InstalledFiles;
import io.cloister.repo.content.PackageManifest;
import io.cloister.repo.metadata.Sha256;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Hashes every installed file again and compares it with the manifest beside it, and the manifest's
 * digest with those that the deployment and the slots name. Only names from a manifest with a named
 * digest are listed: any other name may have been chosen by anybody.
 */
record DigestsCollector(HostFiles files) implements Collector {
  private static final String MANIFEST = "manifest.json";

  @Override
  public String entry() {
    return "digests.json";
  }

  @Override
  public Collected collect(Redactions redactions) throws IOException {
    NamedPackages named = NamedPackages.read(files);
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    ArrayNode packages = tree.putArray("packages");
    for (String version : folders(files.paths().releases())) {
      ObjectNode line = packages.addObject().put("kind", "runtime");
      line.put("version", named.shown(version, redactions));
      compare(files.paths().release(version), named, line);
    }
    for (String model : folders(files.paths().models())) {
      for (String version : folders(files.paths().models().resolve(model))) {
        ObjectNode line = packages.addObject().put("kind", "model");
        line.put("name", named.shown(model, redactions));
        line.put("version", named.shown(version, redactions));
        compare(files.paths().model(model, version), named, line);
      }
    }
    return Collected.json(tree);
  }

  /** Without those that are being written. */
  private List<String> folders(Path folder) throws IOException {
    return files.names(folder).stream().filter(name -> !name.startsWith(".")).toList();
  }

  private void compare(Path folder, NamedPackages named, ObjectNode line) {
    try {
      byte[] bytes = files.readTail(folder.resolve(MANIFEST), PackageManifest.BYTES_MAX).bytes();
      String digest = Sha256.of(bytes).hex();
      boolean known = named.manifestDigests().contains(digest);
      line.put("manifest_sha256", digest).put("manifest_named", known);
      PackageManifest manifest = PackageManifest.parse(bytes, MANIFEST);
      line.put("files", manifest.files().size()).put("bytes", manifest.length());
      mismatches(manifest, folder, known, line);
    } catch (IOException | RefusedException | RuntimeException unreadable) {
      line.put("unreadable", NotCollectedException.reason(unreadable));
    }
  }

  private static void mismatches(
      PackageManifest manifest, Path folder, boolean known, ObjectNode line) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    try {
      InstalledFiles.verify(manifest, folder);
    } catch (RefusedException differs) {
      differs.refusals().forEach(refusal -> add(refusal, known, list));
    }
    line.put("files_differing", list.size());
    line.set("mismatches", known ? list : JsonNodeFactory.instance.arrayNode());
  }

  private static void add(Refusal refusal, boolean known, ArrayNode list) {
    ObjectNode mismatch = list.addObject();
    if (known && refusal instanceof InstalledFileChanged changed) {
      boolean unreadable = changed.expected().equals("readable");
      mismatch
          .put("file", changed.file())
          .put("offset", changed.offset())
          .put("expected", changed.expected())
          // Of a file that cannot be read, this would be what the system says, with its whole path.
          .put("actual", unreadable ? "not readable" : changed.actual());
    }
  }
}
