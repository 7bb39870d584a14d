package io.cloister.installer.support;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The end of the service's log, line by line. */
record LogCollector(String entry, Path file, int bytesMax, HostFiles files) implements Collector {

  @Override
  public Collected collect(Redactions redactions) throws IOException {
    HostFiles.Tail tail = files.readTail(file, bytesMax);
    String text = new String(tail.bytes(), StandardCharsets.UTF_8);
    // The first line of a tail was cut, so what it is cannot be told.
    String lines = tail.whole() ? text : text.substring(text.indexOf('\n') + 1);
    LogLine form = LogLine.of(NamedPackages.read(files));
    StringBuilder kept = new StringBuilder();
    lines
        .lines()
        .forEach(
            line ->
                form.redacted(line, redactions)
                    .ifPresent(safe -> kept.append(safe).append('\n')));
    return new Collected(kept.toString().getBytes(StandardCharsets.UTF_8), tail.whole());
  }
}
