package io.cloister.installer.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the deployment and the slots name. A folder may have any name; only a plain version number,
 * or a name that these documents give, is written into the archive.
 */
record NamedPackages(Set<String> manifestDigests, Set<String> names) {
  private static final Pattern number = Pattern.compile("\\d{1,9}\\.\\d{1,9}\\.\\d{1,9}");
  private static final Pattern form = Pattern.compile("[A-Za-z0-9._+@-]{1,128}");

  NamedPackages {
    manifestDigests = Set.copyOf(manifestDigests);
    names = names.stream().filter(form.asMatchPredicate()).collect(Collectors.toUnmodifiableSet());
  }

  /** A document that cannot be read names nothing; its own entry says that it cannot. */
  static NamedPackages read(HostFiles files) {
    Set<String> digests = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (Path file : List.of(files.deployment(), files.paths().slots())) {
      JsonNode document = document(file, files);
      digests.addAll(document.findValuesAsText("manifest_sha256"));
      names.addAll(document.findValuesAsText("name"));
      names.addAll(document.findValuesAsText("version"));
    }
    return new NamedPackages(digests, names);
  }

  private static JsonNode document(Path file, HostFiles files) {
    try {
      return files.readJson(file);
    } catch (IOException unreadable) {
      return MissingNode.getInstance();
    }
  }

  /** A name or version that these documents give, and no other. */
  Allowed form() {
    return new Allowed.OneOf(names);
  }

  /** The folder's name, where it may be shown. */
  String shown(String folder, Redactions redactions) {
    if (names.contains(folder) || number.matcher(folder).matches()) {
      return Secrets.cut(folder, redactions);
    }
    redactions.count("file_name");
    return "<redacted:file_name>";
  }
}
