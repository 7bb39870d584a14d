package io.cloister.appliance.inference;

import io.cloister.appliance.tensor.Tensor;
import io.cloister.appliance.worker.RunException;
import io.cloister.appliance.worker.WorkerProcess;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Gives runs to a worker, and what comes of them to those who asked. Whatever fails here, each
 * member of a run is answered, is refused, or waits again.
 *
 * @param runTime limit of one run
 * @param supervisor the thread that waits for requests
 */
record Exchange(RequestQueue queue, Recorder recorder, Duration runTime, Thread supervisor) {
  private static final System.Logger LOG = System.getLogger(Exchange.class.getName());

  /** Returns when the worker has it. */
  void run(WorkerProcess serving, Run run) {
    CompletableFuture<List<Tensor>> result;
    try {
      result = serving.run(run.stack().inputs(), run.outputs());
    } catch (RuntimeException | OutOfMemoryError e) {
      fail(run, e);
      return;
    }
    long inputNanos = System.nanoTime() - run.startNanos();
    var _ = result.whenComplete((outputs, fault) -> end(serving, run, inputNanos, outputs, fault));
  }

  private void end(
      WorkerProcess serving,
      Run run,
      long inputNanos,
      @Nullable List<Tensor> outputs,
      @Nullable Throwable fault) {
    try {
      if (outputs != null && run.fits(outputs)) {
        answer(serving, run, inputNanos, outputs);
      } else {
        fail(run, fault);
      }
    } catch (RuntimeException | OutOfMemoryError e) {
      LOG.log(Level.ERROR, "a defect at the end of a run of " + supervisor.getName(), e);
      queue.finished(run);
      run.members().forEach(member -> member.refuse(e, runTime));
    }
  }

  /**
   * The thread that reads the worker's answers gives it the next run at once, before the callers
   * have theirs; the supervisor is woken only where the worker had nothing to do.
   */
  private void answer(WorkerProcess serving, Run run, long inputNanos, List<Tensor> outputs) {
    long answeredNanos = System.nanoTime();
    try {
      if (Thread.currentThread() == supervisor) {
        queue.answered(run);
      } else {
        queue.next(run).ifPresent(more -> run(serving, more));
      }
    } finally {
      run.answer(outputs);
      recorder.ran(run.work(inputNanos, answeredNanos));
    }
  }

  private void fail(Run run, @Nullable Throwable fault) {
    if (fault instanceof RunException e && e.kind() == RunException.Kind.UNSENT) {
      queue.putBack(run);
    } else if (run.shared()) {
      // Whose fault it was shows when each runs alone.
      run.members().forEach(Pending::standAlone);
      queue.putBack(run);
    } else {
      queue.finished(run);
      run.members().getFirst().refuse(fault, runTime);
    }
  }
}
