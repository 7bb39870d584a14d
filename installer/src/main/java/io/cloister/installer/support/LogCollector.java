package io.cloister.installer.support;

import io.cloister.installer.support.HostFiles.Tail;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * The end of the service's log, line by line. It is begun anew when it is long: then the end of
 * what it was before comes first.
 */
record LogCollector(String entry, int bytesMax, HostFiles files) implements Collector {

  @Override
  public Collected collect(Redactions redactions) throws IOException {
    LogLine form = LogLine.of(NamedPackages.read(files));
    Tail tail = tail();
    String text = new String(tail.bytes(), StandardCharsets.UTF_8);
    // The first line of a tail was cut, so what it is cannot be told.
    String lines = tail.whole() ? text : text.substring(text.indexOf('\n') + 1);
    StringBuilder kept = new StringBuilder();
    lines
        .lines()
        .forEach(
            line ->
                form.redacted(line, redactions).ifPresent(safe -> kept.append(safe).append('\n')));
    return new Collected(kept.toString().getBytes(StandardCharsets.UTF_8), tail.whole());
  }

  private Tail tail() throws IOException {
    Tail now = files.readTail(files.paths().log(), bytesMax);
    Path earlier = files.paths().logBefore();
    if (!now.whole() || !Files.isRegularFile(earlier, LinkOption.NOFOLLOW_LINKS)) {
      return now;
    }
    Tail before = files.readTail(earlier, bytesMax - now.bytes().length);
    var both = new ByteArrayOutputStream();
    both.writeBytes(before.bytes());
    both.writeBytes(now.bytes());
    return new Tail(both.toByteArray(), before.whole());
  }
}
