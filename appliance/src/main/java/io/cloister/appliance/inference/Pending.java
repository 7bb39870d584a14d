package io.cloister.appliance.inference;

import io.cloister.appliance.inference.InferenceRefusal.BadContent;
import io.cloister.appliance.inference.InferenceRefusal.CallerLeft;
import io.cloister.appliance.inference.InferenceRefusal.DeadlineExceeded;
import io.cloister.appliance.inference.InferenceRefusal.ModelFault;
import io.cloister.appliance.inference.InferenceRefusal.NoRoom;
import io.cloister.appliance.inference.InferenceRefusal.RunTooLong;
import io.cloister.appliance.inference.InferenceRefusal.WorkerCrashed;
import io.cloister.appliance.tensor.BytesTensor;
import io.cloister.appliance.tensor.PackedTensor;
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

  /** The tokenizer's heap for each byte of a text, until it is done with that. */
  private static final int TEXT_HEAP = 200;

  private final InferenceRequest request;
  private final long rows;
  private final long bytes;
  private final long admittedNanos = System.nanoTime();
  private final Duration timeout;
  private final CompletableFuture<List<Tensor>> answer = new CompletableFuture<>();
  private volatile Optional<Form> form;
  private volatile boolean overdue;

  /**
   * @param form of requests that it may share a run with; none when empty
   * @param rows that it counts for
   * @param timeout until nobody waits for the answer any more
   */
  Pending(InferenceRequest request, Optional<Form> form, long rows, Duration timeout) {
    this.request = request;
    this.form = form;
    this.rows = rows;
    this.timeout = timeout;
    long sum = 0;
    for (Tensor input : request.inputs()) {
      sum += bytes(input);
    }
    this.bytes = sum;
  }

  private static long bytes(Tensor input) {
    return switch (input) {
      case PackedTensor packed ->
          (long) packed.shape().elements() * packed.datatype().elementBytes();
      case BytesTensor texts -> {
        long sum = 0;
        int longest = 0;
        for (byte[] text : texts.values()) {
          sum += text.length + Tensor.ARRAY_BYTES;
          longest = Math.max(longest, text.length);
        }
        yield sum + (long) longest * TEXT_HEAP;
      }
    };
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

  long rows() {
    return rows;
  }

  /** About what its inputs take of the worker's memory. */
  long bytes() {
    return bytes;
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

  /** Whether somebody waits for it still; whoever's time is up is told so. */
  boolean wanted() {
    if (nanosLeft() <= 0) {
      refuse(new DeadlineExceeded(timeout));
    }
    return !answer.isDone();
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
