package io.cloister.installer.support;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;

/**
 * What a collector brings.
 *
 * @param whole false where only the end of something long was taken
 */
@SuppressWarnings("ArrayRecordComponent")
record Collected(byte[] content, boolean whole) {

  static Collected json(JsonNode tree) {
    return new Collected((tree.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8), true);
  }
}
