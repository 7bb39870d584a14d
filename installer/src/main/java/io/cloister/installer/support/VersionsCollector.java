package io.cloister.installer.support;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Which releases are here, which is current, and what made this archive. */
record VersionsCollector(String tool, HostFiles files) implements Collector {
  private static final Pattern releaseLine =
      Pattern.compile("(version|platform|glibc)=([0-9A-Za-z._+-]{1,64})");

  @Override
  public String entry() {
    return "versions.json";
  }

  @Override
  public Collected collect(Redactions redactions) throws IOException {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    tree.put("cloister", tool);
    tree.put("java", Runtime.version().toString());
    tree.put("java_vendor", System.getProperty("java.vendor", ""));
    ArrayNode releases = tree.putArray("releases");
    NamedPackages named = NamedPackages.read(files);
    for (String name : files.names(files.paths().releases())) {
      releases.add(release(named.shown(name, redactions), name));
    }
    tree.put("current", current(named, redactions));
    return Collected.json(tree);
  }

  private String current(NamedPackages named, Redactions redactions) {
    try {
      Path link = Files.readSymbolicLink(files.paths().current());
      return named.shown(String.valueOf(link.getFileName()), redactions);
    } catch (IOException | UnsupportedOperationException noLink) {
      return "none";
    }
  }

  private ObjectNode release(String shown, String name) {
    ObjectNode release = JsonNodeFactory.instance.objectNode().put("folder", shown);
    Path folder = files.paths().release(name);
    try {
      new String(files.readWhole(folder.resolve("RELEASE")), StandardCharsets.UTF_8)
          .lines()
          .map(releaseLine::matcher)
          .filter(java.util.regex.Matcher::matches)
          .forEach(line -> release.put(line.group(1), line.group(2)));
    } catch (IOException unreadable) {
      release.put("unreadable", NotCollectedException.reason(unreadable));
    }
    return release;
  }
}
