package io.cloister.repo.client;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.cloister.repo.content.DurableFiles;
import io.cloister.repo.metadata.Fields;
import io.cloister.repo.metadata.JsonException;
import io.cloister.repo.metadata.StrictJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * {@code state.json} in the folder of what a machine trusts.
 *
 * @param newestSignedAt of all that was accepted
 * @param forgetsFrom under a root of this version or a later one the kept timestamp, snapshot and
 *     signed time do not count any more (TUF 1.0.34 §5.3.11); there only while such a root is put
 *     in place
 */
record TrustState(Instant newestSignedAt, OptionalLong forgetsFrom) {
  static final String NAME = "state.json";

  private static final String FORGETS_FROM = "forgets_from_root";
  private static final int FORMAT = 1;

  /** Written before the first root, so where there is a root it is there. */
  static TrustState read(Path folder) throws IOException, JsonException {
    Fields state = Fields.of(StrictJson.parse(Files.readAllBytes(folder.resolve(NAME))));
    state.integer("format", FORMAT, FORMAT);
    return new TrustState(
        state.time("newest_signed_at"),
        state.has(FORGETS_FROM)
            ? OptionalLong.of(state.integer(FORGETS_FROM, 1, Long.MAX_VALUE))
            : OptionalLong.empty());
  }

  boolean forgetsUnder(long rootVersion) {
    return forgetsFrom.isPresent() && rootVersion >= forgetsFrom.getAsLong();
  }

  void write(Path folder) throws IOException {
    DurableFiles.write(folder.resolve(NAME), encode());
  }

  byte[] encode() {
    var state = JsonNodeFactory.instance.objectNode().put("format", FORMAT);
    forgetsFrom.ifPresent(version -> state.put(FORGETS_FROM, version));
    return state
        .put("newest_signed_at", newestSignedAt.toString())
        .toString()
        .getBytes(StandardCharsets.UTF_8);
  }
}
