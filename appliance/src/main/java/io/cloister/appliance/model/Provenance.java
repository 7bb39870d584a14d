package io.cloister.appliance.model;

import java.time.Instant;
import java.util.List;

/** Who signed something and when: the TUF targets role it came from. */
public record Provenance(long targetsVersion, Instant signedAt, List<String> keyids) {
  public Provenance {
    keyids = List.copyOf(keyids);
  }
}
