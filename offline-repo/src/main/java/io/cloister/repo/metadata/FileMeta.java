package io.cloister.repo.metadata;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * What one role states about the file of another (TUF 1.0.34 §4.4, §4.6).
 *
 * @param length bytes, where stated
 * @param hashes of the file, where stated
 */
public record FileMeta(long version, Optional<Long> length, Optional<Hashes> hashes) {

  /** States everything. */
  public static FileMeta of(long version, byte[] bytes) {
    return new FileMeta(version, Optional.of((long) bytes.length), Optional.of(Hashes.of(bytes)));
  }

  static FileMeta parse(Fields meta) throws JsonException {
    Optional<Fields> hashes = meta.findObject("hashes");
    return new FileMeta(
        meta.integer("version", 1, Long.MAX_VALUE),
        meta.has("length")
            ? Optional.of(meta.integer("length", 1, Integer.MAX_VALUE))
            : Optional.empty(),
        hashes.isPresent() ? Optional.of(Hashes.parse(hashes.get())) : Optional.empty());
  }

  void encode(ObjectNode meta) {
    meta.put("version", version);
    length.ifPresent(bytes -> meta.put("length", bytes));
    hashes.ifPresent(each -> each.encode(meta.putObject("hashes")));
  }
}
