package io.cloister.installer.support;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Hashes every installed file again and compares it with the manifest beside it, and the manifest's
 * digest with those that the deployment and the slots name. Only names from a manifest with a named
 * digest are listed: any other name may have been chosen by anybody.
 */
record DigestsCollector(HostFiles files) implements Collector {
  private static final Pattern folderName = Pattern.compile("[A-Za-z0-9._+@-]{1,128}");
  private static final String MANIFEST = "manifest.json";

  @Override
  public String entry() {
    return "digests.json";
  }

  @Override
  public Collected collect(Redactions redactions) throws IOException {
    Set<String> named = new HashSet<>();
    name(files.paths().deployment(), named);
    name(files.paths().slots(), named);
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    ArrayNode packages = tree.putArray("packages");
    for (String version : folders(files.paths().releases(), redactions)) {
      packages.add(compare("runtime", version, files.paths().release(version), named, redactions));
    }
    for (String model : folders(files.paths().models(), redactions)) {
      for (String version : folders(files.paths().models().resolve(model), redactions)) {
        Path folder = files.paths().model(model, version);
        packages.add(compare("model", model + " " + version, folder, named, redactions));
      }
    }
    return Collected.json(tree);
  }

  private Iterable<String> folders(Path folder, Redactions redactions) throws IOException {
    Set<String> kept = new java.util.TreeSet<>();
    for (String name : files.names(folder)) {
      if (!folderName.matcher(name).matches()) {
        redactions.count("file_name");
      } else if (!name.startsWith(".")) {
        kept.add(name);
      }
    }
    return kept;
  }

  private void name(Path document, Set<String> digests) {
    try {
      for (JsonNode digest : files.readJson(document).findValues("manifest_sha256")) {
        digests.add(digest.asText());
      }
    } catch (IOException unreadable) {
      // Its own entry says so; here no digest is known from it.
      return;
    }
  }

  private ObjectNode compare(
      String kind, String what, Path folder, Set<String> named, Redactions redactions) {
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put("kind", kind).put("package", Secrets.cut(what, redactions));
    try {
      byte[] bytes = files.readTail(folder.resolve(MANIFEST), PackageManifest.BYTES_MAX).bytes();
      String digest = Sha256.of(bytes).hex();
      boolean known = named.contains(digest);
      line.put("manifest_sha256", digest).put("manifest_named", known);
      PackageManifest manifest = PackageManifest.parse(bytes, MANIFEST);
      line.put("files", manifest.files().size()).put("bytes", manifest.length());
      mismatches(manifest, folder, known, line);
    } catch (IOException | RefusedException | RuntimeException unreadable) {
      line.put("unreadable", NotCollectedException.reason(unreadable));
    }
    return line;
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
