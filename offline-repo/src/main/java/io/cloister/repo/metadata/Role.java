package io.cloister.repo.metadata;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What one metadata file says, without its signatures. */
public sealed interface Role permits Root, Timestamp, Snapshot, Targets {
  RoleType type();

  Common common();

  /** The JSON of the {@code signed} part. */
  ObjectNode encode();

  default long version() {
    return common().version();
  }
}
