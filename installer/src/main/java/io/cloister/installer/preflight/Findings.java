package io.cloister.installer.preflight;

import io.cloister.installer.InstallRefusal;
import java.util.List;

/**
 * All that was found, together.
 *
 * @param refusals what must change first
 * @param warnings what the operator should know, one sentence each
 */
public record Findings(List<InstallRefusal> refusals, List<String> warnings) {

  public Findings {
    refusals = List.copyOf(refusals);
    warnings = List.copyOf(warnings);
  }
}
