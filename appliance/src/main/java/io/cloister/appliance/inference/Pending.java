package io.cloister.appliance.inference;

import io.cloister.appliance.inference.InferenceRefusal.BadContent;
import io.cloister.appliance.inference.InferenceRefusal.CallerLeft;
import io.cloister.appliance.inference.InferenceRefusal.DeadlineExceeded;
import io.cloister.appliance.inference.InferenceRefusal.ModelFault;
import io.cloister.appliance.inference.InferenceRefusal.NoRoom;
import io.cloister.appliance.inference.InferenceRefusal.RunTooLong;
import io.cloister.appliance.inference.InferenceRefusal.WorkerCrashed;
import io.cloister.appliance.tensor.FirstDimension;
import io.cloister.appliance.tensor.Tensor;
import io.cloister.appliance.worker.RunException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A request between its admission and its answer. */
final class Pending {
  /** Far more than the time between two looks at the deadlines. */
  private static final Duration WATCHED_MIN = Duration.ofSeconds(1);

  /** Until it is looked whether its caller is still there. */
  private static final Duration PATIENCE = Duration.ofMillis(50);

  private final InferenceRequest request;
  private final long admittedNanos = System.nanoTime();
  private final Duration timeout;
  private final CompletableFuture<List<Tensor>> answer = new CompletableFuture<>();
  private volatile Optional<Form> form;
  private volatile boolean overdue;

  /**
   * @param form of requests that it may share a run with; none when empty
   * @param timeout until nobody waits for the answer any more
   */
  Pending(InferenceRequest request, Optional<Form> form, Duration timeout) {
    this.request = request;
    this.form = form;
    this.timeout = timeout;
  }

  List<Tensor> inputs() {
    return request.inputs();
  }

  List<String> outputs() {
    return request.outputs();
  }

  int priority() {
    return request.priority();
  }

  String caller() {
    return request.caller();
  }

  Optional<Form> form() {
    return form;
  }

  /** Of the first dimension; 1 where there is none. */
  long rows() {
    return inputs().isEmpty() ? 1 : Math.max(1, FirstDimension.size(inputs().getFirst()));
  }

  /** After a run that it shared failed: the next one tells whether it was to blame. */
  void standAlone() {
    form = Optional.empty();
    overdue = false;
  }

  /** {@link System#nanoTime()} of its admission. */
  long admittedNanos() {
    return admittedNanos;
  }

  /** Until its caller gives up; not positive after that. */
  long nanosLeft() {
    return admittedNanos + timeout.toNanos() - System.nanoTime();
  }

  /** Waits for the answer; a short time is kept to the moment, a longer one by {@link #findEnd}. */
  List<Tensor> await() throws InterruptedException, ExecutionException, TimeoutException {
    // Each timed wait is an entry in a schedule, made and taken out again.
    return timeout.compareTo(WATCHED_MIN) < 0
        ? answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS)
        : answer.get();
  }

  /** Why nobody waits for it any more; empty while somebody does. */
  Optional<InferenceRefusal> findEnd() {
    if (nanosLeft() <= 0) {
      return Optional.of(new DeadlineExceeded(timeout));
    }
    // Most are answered before that: to look costs more than they do.
    boolean waits = System.nanoTime() - admittedNanos > PATIENCE.toNanos();
    return waits && request.left().getAsBoolean()
        ? Optional.of(new CallerLeft())
        : Optional.empty();
  }

  /** Completed once; exceptionally with an {@link InferenceException}. */
  CompletableFuture<List<Tensor>> answer() {
    return answer;
  }

  void refuse(InferenceRefusal refusal) {
    answer.completeExceptionally(new InferenceException(refusal));
  }

  /**
   * Refuses it for what came of its run.
   *
   * @param runTime limit of a run
   */
  void refuse(@Nullable Throwable fault, Duration runTime) {
    refuse(refusal(fault, runTime));
  }

  private InferenceRefusal refusal(@Nullable Throwable fault, Duration runTime) {
    if (!(fault instanceof RunException e)) {
      return new ModelFault(String.valueOf(fault));
    }
    return switch (e.kind()) {
      case CONTENT -> new BadContent(e.reason());
      case MODEL -> new ModelFault(e.reason());
      case NO_ROOM -> new NoRoom(e.reason());
      case ENDED, UNSENT -> overdue ? new RunTooLong(runTime) : new WorkerCrashed(e.reason());
    };
  }

  /** Its worker is killed because of it. */
  void markOverdue() {
    overdue = true;
  }

  boolean overdue() {
    return overdue;
  }
}
