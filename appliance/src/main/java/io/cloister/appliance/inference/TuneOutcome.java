package io.cloister.appliance.inference;

import io.cloister.appliance.model.ModelVersion;
import io.cloister.appliance.model.RunSettings;

/** What became of a wish to tune a model. */
public sealed interface TuneOutcome {

  /**
   * Done.
   *
   * @param settings in effect now
   * @param changed whether they are others than before
   * @param evidence what was measured, one JSON object; empty text where nothing was
   */
  record Done(ModelVersion model, RunSettings settings, boolean changed, String evidence)
      implements TuneOutcome {}

  /** Nothing was changed. */
  record Refused(Reason kind, String reason) implements TuneOutcome {}

  /** Why. */
  enum Reason {
    /** No such model is routed. */
    UNKNOWN_MODEL,
    /** It does not serve, so there is nothing to compare with. */
    NOT_SERVING,
    /** Another one is being tuned. */
    BUSY,
    /** Not even with its present settings does another worker pass the golden rows. */
    GOLDEN_ROWS,
    /** The one who asked went away, or the appliance is stopping. */
    CANCELLED,
    /** It was found better, and did not hold when it was to serve. */
    NOT_KEPT,
    /** The choice cannot be written, or not be taken back. */
    NOT_STORED,
    /** What was measured does not serve any more. */
    CHANGED
  }
}
