package io.cloister.appliance.inference;

import io.cloister.appliance.inference.GoldenRun.Answer;
import io.cloister.appliance.inference.Workers.Loaded;
import io.cloister.appliance.model.GoldenRow;
import io.cloister.appliance.model.ModelRefused;
import io.cloister.appliance.model.ModelVersion;
import io.cloister.appliance.model.RunSettings;
import io.cloister.appliance.model.Signature;
import io.cloister.appliance.tensor.FirstDimension;
import io.cloister.appliance.tensor.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** A worker beside the serving one, whose golden rows passed, in a trial of its settings. */
final class Contestant implements AutoCloseable {
  private static final int QUESTIONS_MIN = 16;

  private final Loaded loaded;
  private final List<Question> questions;
  private final long rowsTogether;

  /** What a caller may ask, or several callers together. */
  private record Question(List<Tensor> inputs, List<String> outputs, long rows) {}

  private Contestant(Loaded loaded, AcceptanceReport report) {
    this.loaded = loaded;
    List<GoldenRow> rows = loaded.golden().rows();
    long shared = Sharing.of(loaded.files(), signature(), report).rowsMax();
    List<Question> batches = shared > 1 ? batches(rows, shared) : List.of();
    this.questions = batches.isEmpty() ? rows.stream().map(Contestant::alone).toList() : batches;
    List<Question> largest = shared > 1 ? batches(rows, Batch.SIZE_MAX) : List.of();
    this.rowsTogether = largest.stream().mapToLong(Question::rows).max().orElse(1);
  }

  /**
   * Loads the model with these settings and asks its golden rows, alone and together.
   *
   * @throws ModelRefused when it does not load, one of them fails or is over its budget of time
   */
  static Contestant open(Workers workers, ModelVersion model, RunSettings settings)
      throws ModelRefused, InterruptedException {
    Loaded loaded = workers.openAside(model, Optional.of(settings));
    boolean accepted = false;
    try {
      AcceptanceReport report = new Acceptance(loaded).newcomer(Optional::empty);
      if (!report.accepted()) {
        throw new ModelRefused(report.refusal().orElseThrow());
      }
      accepted = true;
      return new Contestant(loaded, report);
    } finally {
      if (!accepted) {
        loaded.worker().kill("its settings are not accepted");
      }
    }
  }

  RunSettings settings() {
    return loaded.settings();
  }

  /** As a full queue would ask them. */
  private List<Question> batches(List<GoldenRow> rows, long rowsMax) {
    List<Integer> all = IntStream.range(0, rows.size()).boxed().toList();
    List<Question> questions = new ArrayList<>();
    for (List<Integer> group : Batch.groups(signature(), rows, all)) {
      for (Batch batch : Batch.of(rows, group, Math.min(rowsMax, Batch.SIZE_MAX))) {
        List<String> outputs = rows.get(batch.rows().getFirst()).outputNames();
        questions.add(new Question(batch.stack().inputs(), outputs, batch.stack().rows()));
      }
    }
    return questions;
  }

  private Signature signature() {
    return loaded.worker().signature();
  }

  private static Question alone(GoldenRow row) {
    long size = row.inputs().isEmpty() ? 1 : FirstDimension.size(row.inputs().getFirst());
    return new Question(row.inputs(), row.outputNames(), Math.max(1, size));
  }

  /** Rows that the largest batch of golden rows has; 1 where none may be asked together. */
  long rowsTogether() {
    return rowsTogether;
  }

  /**
   * Asks for so long, one at a time and then as many at once as it takes.
   *
   * @throws ModelRefused when an answer fails: these settings are not fit to serve
   */
  Figures round(Duration time) throws ModelRefused, InterruptedException {
    double aloneMillis = alone(time.dividedBy(4));
    long pid = loaded.worker().pid();
    long cpu = ProcessorTime.nanos(pid);
    long start = System.nanoTime();
    long rows = load(time);
    double seconds = (System.nanoTime() - start) / 1e9;
    double cpuMicros = (ProcessorTime.nanos(pid) - cpu) / 1e3;
    return new Figures(cpuMicros / rows, rows / seconds, aloneMillis);
  }

  private double alone(Duration time) throws ModelRefused, InterruptedException {
    GoldenRun run = new GoldenRun(loaded.worker(), runTime());
    List<Double> millis = new ArrayList<>();
    long end = System.nanoTime() + time.toNanos();
    List<GoldenRow> rows = loaded.golden().rows();
    do {
      Answer answer = run.ask(rows.get(millis.size() % rows.size()));
      if (answer.fault().isPresent()) {
        throw new ModelRefused(answer.fault().get().words());
      }
      millis.add(answer.millis());
    } while (System.nanoTime() < end);
    return LatencyTrial.median(millis.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /** For so long, and where few are answered in that, for longer. Rows that were answered. */
  private long load(Duration time) throws ModelRefused, InterruptedException {
    int runs = settings().runs();
    long start = System.nanoTime();
    Semaphore free = new Semaphore(runs);
    AtomicLong rows = new AtomicLong();
    Queue<String> faults = new ConcurrentLinkedQueue<>();
    for (int i = 0; faults.isEmpty() && goesOn(i, System.nanoTime() - start, time); i++) {
      acquire(free, 1);
      Question question = questions.get(i % questions.size());
      var _ =
          loaded
              .worker()
              .run(question.inputs(), question.outputs(), runTime())
              .whenComplete(
                  (_, thrown) -> {
                    if (thrown == null) {
                      rows.addAndGet(question.rows());
                    } else {
                      faults.add(String.valueOf(thrown.getMessage()));
                    }
                    free.release();
                  });
    }
    acquire(free, runs);
    if (!faults.isEmpty()) {
      throw new ModelRefused("a run failed: " + faults.peek());
    }
    return rows.get();
  }

  private boolean goesOn(int asked, long nanos, Duration time) {
    return asked < settings().runs()
        || nanos < time.toNanos()
        || (asked < QUESTIONS_MIN && nanos < time.multipliedBy(4).toNanos());
  }

  private void acquire(Semaphore free, int permits) throws ModelRefused, InterruptedException {
    if (!free.tryAcquire(permits, runTime().toMillis(), TimeUnit.MILLISECONDS)) {
      throw new ModelRefused("a run took longer than " + runTime().toSeconds() + " s");
    }
  }

  /** Whether it can be asked no more. */
  boolean ended() {
    return loaded.worker().gone().isDone();
  }

  private Duration runTime() {
    return loaded.files().config().limits().runTime();
  }

  @Override
  public void close() {
    loaded.worker().kill("its trial is over");
    // The next one needs its memory.
    loaded.worker().ended().copy().completeOnTimeout("", 5, TimeUnit.SECONDS).join();
  }
}
