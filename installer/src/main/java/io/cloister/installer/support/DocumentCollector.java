package io.cloister.installer.support;

import java.io.IOException;
import java.nio.file.Path;

/** One of our own documents, by its allow-list. */
record DocumentCollector(String entry, Path file, Allowed allowed, HostFiles files)
    implements Collector {

  @Override
  public Collected collect(Redactions redactions) throws IOException {
    boolean yaml = file.toString().endsWith(".yaml");
    var tree = yaml ? files.readYaml(file) : files.readJson(file);
    return Collected.json(allowed.copy(tree, redactions));
  }
}
