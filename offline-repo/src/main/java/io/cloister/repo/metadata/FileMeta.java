package io.cloister.repo.metadata;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * What one role states about the file of another (TUF 1.0.34 §4.4, §4.6).
 *
 * @param length bytes, where stated
 * @param sha256 of the file, where stated
 */
public record FileMeta(long version, Optional<Long> length, Optional<Sha256> sha256) {

  /** States everything. */
  public static FileMeta of(long version, byte[] bytes) {
    return new FileMeta(version, Optional.of((long) bytes.length), Optional.of(Sha256.of(bytes)));
  }

  static FileMeta parse(Fields meta) throws JsonException {
    Optional<Fields> hashes = meta.findObject("hashes");
    return new FileMeta(
        meta.integer("version", 1, Long.MAX_VALUE),
        meta.has("length")
            ? Optional.of(meta.integer("length", 1, Integer.MAX_VALUE))
            : Optional.empty(),
        hashes.isPresent() ? Optional.of(hashes.get().sha256("sha256")) : Optional.empty());
  }

  void encode(ObjectNode meta) {
    meta.put("version", version);
    length.ifPresent(bytes -> meta.put("length", bytes));
    sha256.ifPresent(digest -> meta.putObject("hashes").put("sha256", digest.hex()));
  }
}
