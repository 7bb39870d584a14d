package io.cloister.installer.support;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.repo.metadata.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** What is in an archive: each entry, its digest, and what was left out of it. */
final class Index {
  private Index() {}

  static ObjectNode of(List<ArchiveEntry> entries, Instant createdAt) {
    ObjectNode index = JsonNodeFactory.instance.objectNode();
    index.put("format", 1).put("created_at", createdAt.toString());
    ArrayNode list = index.putArray("entries");
    for (ArchiveEntry entry : entries) {
      ObjectNode line = list.addObject();
      line.put("name", entry.name())
          .put("length", entry.content().length)
          .put("sha256", Sha256.of(entry.content()).hex())
          .put("outcome", outcome(entry));
      entry.failure().ifPresent(reason -> line.put("reason", reason));
      ObjectNode redacted = line.putObject("redacted");
      entry.redacted().forEach(redacted::put);
    }
    return index;
  }

  /** The same digests for {@code sha256sum -c}. */
  static byte[] sums(List<ArchiveEntry> entries) {
    StringBuilder sums = new StringBuilder();
    entries.forEach(
        e -> sums.append(Sha256.of(e.content()).hex()).append("  ").append(e.name()).append('\n'));
    return sums.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String outcome(ArchiveEntry entry) {
    if (entry.failure().isPresent()) {
      return "failed";
    }
    return entry.whole() ? "whole" : "tail";
  }
}
