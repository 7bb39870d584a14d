package io.cloister.repo.client;

import io.cloister.repo.Refusal;
import io.cloister.repo.content.Chunk;
import io.cloister.repo.content.Progress;
import io.cloister.repo.media.Medium;
import java.util.ArrayList;
import java.util.List;

/** Proves and forgets; looks at the list SHA256SUMS of each part of a medium. */
final class WholeCheck implements ChunkSink {
  private final Progress progress;
  private final List<Refusal> faults = new ArrayList<>();

  WholeCheck(Progress progress) {
    this.progress = progress;
  }

  @Override
  public void take(Chunk chunk, byte[] plain) {
    progress.advance(plain.length);
  }

  @Override
  public void repaired(String file) {
    progress.repaired(file);
  }

  @Override
  public void arrived(Medium part) {
    faults.addAll(SumsCheck.findFaults(part));
  }

  List<Refusal> faults() {
    return faults;
  }
}
