package io.cloister.appliance.oip;

import io.cloister.appliance.inference.InferenceRequest;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * What the "parameters" of a request ask for (Triton, "Parameters Extension", "Schedule Policy
 * Extension").
 *
 * @param timeout from the request to its answer
 * @param priority 1 comes first
 * @param binaryOutputs whether outputs that say nothing else follow the answer's JSON
 */
public record InferParameters(Optional<Duration> timeout, int priority, boolean binaryOutputs) {
  public static final InferParameters NONE =
      new InferParameters(Optional.empty(), InferenceRequest.PRIORITY_DEFAULT, false);

  /** 0 is none; half an hour is the most, and longer than the appliance itself lets one wait. */
  public InferParameters withTimeout(long micros) {
    Duration asked = Duration.of(Math.min(micros, Integer.MAX_VALUE), ChronoUnit.MICROS);
    return new InferParameters(
        Optional.of(asked).filter(Duration::isPositive), priority, binaryOutputs);
  }

  /** 0 is the default. */
  public InferParameters withPriority(int asked) {
    return new InferParameters(
        timeout, asked == 0 ? InferenceRequest.PRIORITY_DEFAULT : asked, binaryOutputs);
  }

  InferParameters withBinaryOutputs(boolean binary) {
    return new InferParameters(timeout, priority, binary);
  }
}
