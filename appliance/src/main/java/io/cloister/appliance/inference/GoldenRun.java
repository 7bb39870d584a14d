package io.cloister.appliance.inference;

import io.cloister.appliance.model.GoldenRow;
import io.cloister.appliance.model.RowFault;
import io.cloister.appliance.tensor.Tensor;
import io.cloister.appliance.worker.WorkerProcess;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/**
 * Asks a worker, one question at a time, and takes the time of each.
 *
 * @param limit of one run; a longer one costs the worker its life
 */
record GoldenRun(WorkerProcess worker, Duration limit) {
  private static final double NANOS_PER_MILLI = 1e6;

  /**
   * An answer, or why there is none.
   *
   * @param millis from the question to the answer
   */
  record Answer(List<Tensor> outputs, Optional<RowFault> fault, double millis) {
    Answer {
      outputs = List.copyOf(outputs);
    }

    private static Answer none(RowFault fault) {
      return new Answer(List.of(), Optional.of(fault), 0);
    }
  }

  Answer ask(GoldenRow row) throws InterruptedException {
    return ask(row.inputs(), row.outputNames());
  }

  Answer ask(List<Tensor> inputs, List<String> outputs) throws InterruptedException {
    long start = System.nanoTime();
    try {
      InputCheck.check(worker.signature(), inputs, outputs);
      List<Tensor> answer = worker.run(inputs, outputs, limit).get();
      return new Answer(answer, Optional.empty(), (System.nanoTime() - start) / NANOS_PER_MILLI);
    } catch (InferenceException e) {
      return Answer.none(new RowFault.NoFit(String.valueOf(e.refusal())));
    } catch (ExecutionException e) {
      String reason = e.getCause() == null ? e.toString() : e.getCause().getMessage();
      return Answer.none(new RowFault.NoAnswer(String.valueOf(reason)));
    }
  }

  /** Whether it can be asked no more. */
  boolean ended() {
    return worker.gone().isDone();
  }
}
