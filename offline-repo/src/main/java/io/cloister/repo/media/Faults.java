package io.cloister.repo.media;

import io.cloister.repo.RefusedException;
import io.cloister.repo.metadata.Sha256;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.ConcurrentHashMap;

/** Collects what could not be handed over, from several threads. */
final class Faults {
  private final Map<Sha256, RefusedException> faults = new ConcurrentHashMap<>();

  /** What may be refused. */
  @FunctionalInterface
  interface Attempt {
    void run() throws RefusedException, IOException;
  }

  void attempt(Blob blob, Attempt attempt) throws IOException {
    try {
      attempt.run();
    } catch (RefusedException e) {
      put(blob, e);
    }
  }

  void put(Blob blob, RefusedException fault) {
    faults.put(blob.sha256(), fault);
  }

  void remove(Blob blob) {
    faults.remove(blob.sha256());
  }

  SequencedMap<Sha256, RefusedException> inOrder(BlobRequest request) {
    SequencedMap<Sha256, RefusedException> ordered = new LinkedHashMap<>();
    for (Sha256 digest : request.all().sequencedKeySet()) {
      RefusedException fault = faults.get(digest);
      if (fault != null) {
        ordered.put(digest, fault);
      }
    }
    return ordered;
  }
}
