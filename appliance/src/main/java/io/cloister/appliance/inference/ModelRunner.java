package io.cloister.appliance.inference;

import io.cloister.appliance.config.Settings;
import io.cloister.appliance.inference.InferenceRefusal.CallerLeft;
import io.cloister.appliance.inference.InferenceRefusal.DeadlineExceeded;
import io.cloister.appliance.inference.InferenceRefusal.ModelFault;
import io.cloister.appliance.inference.InferenceRefusal.NotReady;
import io.cloister.appliance.inference.ModelLoader.Accepted;
import io.cloister.appliance.model.ModelConfig;
import io.cloister.appliance.model.ModelPackage;
import io.cloister.appliance.model.ModelRefused;
import io.cloister.appliance.model.ModelVersion;
import io.cloister.appliance.model.Signature;
import io.cloister.appliance.tensor.Tensor;
import io.cloister.appliance.worker.WorkerProcess;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one model version answering: one worker at a time, another when it ends. One platform
 * thread hands out requests and replaces workers; callers wait for their answer.
 */
final class ModelRunner {
  private static final System.Logger LOG = System.getLogger(ModelRunner.class.getName());
  private static final Duration END_LIMIT = Duration.ofSeconds(10);
  private static final int MIB_BITS = 20;
  private static final double NANOS_PER_MILLI = 1e6;

  /** Of the worker's heap, beyond which it is given no run beside those it has. */
  private static final int INPUTS_SHARE = 4;

  private static final String STOPPED = "it was stopped";

  private record Standing(ModelState state, Optional<String> reason) {}

  private final ModelLoader loader;
  private final ModelPackage files;
  private final AcceptanceReport acceptance;
  private final InEffect inEffect;
  private final Signature signature;
  private final Sharing sharing;
  private final RequestQueue queue;
  private final Recorder recorder = new Recorder();
  private final AtomicLong restarts = new AtomicLong();
  private final Thread supervisor;
  private final Exchange exchange;
  private volatile WorkerProcess worker;
  private volatile Standing standing = new Standing(ModelState.READY, Optional.empty());

  private ModelRunner(ModelLoader loader, Settings.Limits limits, Accepted accepted) {
    this.loader = loader;
    this.files = accepted.loaded().files();
    this.acceptance = accepted.acceptance();
    this.inEffect = accepted.inEffect();
    this.worker = accepted.loaded().worker();
    this.signature = worker.signature();
    this.sharing = Sharing.of(files, signature, acceptance);
    ModelConfig.Limits own = files.config().limits();
    this.queue =
        new RequestQueue(
            new QueueBounds(
                limits.queuePerModel(),
                inEffect.settings().runs(),
                ((long) own.heapMib() << MIB_BITS) / INPUTS_SHARE,
                sharing.rowsMax(),
                own.runTime()),
            new RunCosts(acceptance.medianMillis().orElse(0) * NANOS_PER_MILLI));
    this.supervisor = Thread.ofPlatform().daemon().name(model().title()).unstarted(this::supervise);
    this.exchange = new Exchange(queue, recorder, files.config().limits().runTime(), supervisor);
  }

  /** Serves an accepted version from now on. */
  static ModelRunner start(ModelLoader loader, Settings.Limits limits, Accepted accepted) {
    ModelRunner runner = new ModelRunner(loader, limits, accepted);
    runner.supervisor.start();
    return runner;
  }

  /** Empty when this runner is being stopped: another one is routed by then. */
  Optional<List<Tensor>> infer(InferenceRequest request, Duration timeout)
      throws InferenceException {
    long start = System.nanoTime();
    try {
      Optional<List<Tensor>> outputs = admitted(request, timeout);
      if (outputs.isPresent()) {
        recorder.answered(Instant.now(), Duration.ofNanos(System.nanoTime() - start));
      }
      return outputs;
    } catch (InferenceException e) {
      recorder.failed(Instant.now(), e.refusal());
      throw e;
    }
  }

  private Optional<List<Tensor>> admitted(InferenceRequest request, Duration timeout)
      throws InferenceException {
    InputCheck.check(signature, request.inputs(), request.outputs());
    if (files.config().text().isPresent()) {
      InputCheck.checkTexts(request.inputs());
    }
    Standing now = standing;
    if (now.state() == ModelState.FAILED) {
      throw new InferenceException(new NotReady(model(), now.reason().orElse("it failed")));
    }
    Pending pending =
        new Pending(request, sharing.findForm(request), sharing.rows(request), timeout);
    if (!queue.offer(pending)) {
      return Optional.empty();
    }
    try {
      return Optional.of(pending.await());
    } catch (TimeoutException e) {
      queue.withdraw(pending);
      throw new InferenceException(new DeadlineExceeded(timeout));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      queue.withdraw(pending);
      throw new InferenceException(new CallerLeft());
    } catch (ExecutionException e) {
      throw e.getCause() instanceof InferenceException refusal
          ? refusal
          : new InferenceException(new ModelFault(e.toString()));
    }
  }

  private void supervise() {
    String reason = STOPPED;
    try {
      if (serve()) {
        worker.drain(END_LIMIT);
      }
    } catch (InterruptedException e) {
      worker.kill(reason);
    } catch (RuntimeException | Error e) {
      reason = "a defect: " + e;
      LOG.log(Level.ERROR, model().title() + " serves no more", e);
      standing = new Standing(ModelState.FAILED, Optional.of(reason));
      worker.kill(reason);
    } finally {
      queue.end(new NotReady(model(), reason));
    }
  }

  /** True when all is answered; false when the worker has gone, and none comes in its place. */
  private boolean serve() throws InterruptedException {
    BackOff backOff = new BackOff();
    long start = System.nanoTime();
    while (serve(worker)) {
      backOff.served(Duration.ofNanos(System.nanoTime() - start));
      WorkerProcess next = replace(worker.ended().join(), backOff);
      if (next == null) {
        return false;
      }
      worker = next;
      start = System.nanoTime();
    }
    return true;
  }

  /** False when the queue was closed and everything in it is answered; true when it ended. */
  private boolean serve(WorkerProcess serving) throws InterruptedException {
    var _ = serving.gone().thenRun(queue::wake);
    while (true) {
      Optional<Run> next = queue.take(() -> serving.gone().isDone());
      if (next.isEmpty()) {
        return serving.gone().isDone();
      }
      exchange.run(serving, next.get());
    }
  }

  /** The next worker, however long it takes; null when the queue is closed and none will come. */
  private @Nullable WorkerProcess replace(String reason, BackOff backOff)
      throws InterruptedException {
    LOG.log(Level.WARNING, "worker of {0} ended: {1}", model().title(), reason);
    standing = new Standing(ModelState.LOADING, Optional.of(reason));
    while (true) {
      queue.awaitClosed(backOff.pause());
      if (queue.done()) {
        return null;
      }
      restarts.incrementAndGet();
      try {
        WorkerProcess next = loader.reload(files, inEffect);
        standing = new Standing(ModelState.READY, Optional.of(reason));
        return next;
      } catch (ModelRefused e) {
        LOG.log(Level.ERROR, "{0} does not start again: {1}", model().title(), e.reason());
        failed(e.reason());
      } catch (RuntimeException | OutOfMemoryError e) {
        // It may be of the moment, as where there is no thread to be had.
        LOG.log(Level.ERROR, model().title() + " does not start again", e);
        failed("a defect: " + e);
      }
    }
  }

  private void failed(String reason) {
    standing = new Standing(ModelState.FAILED, Optional.of(reason));
    refuseWaiting(reason);
  }

  private void refuseWaiting(String reason) {
    queue.clear().forEach(pending -> pending.refuse(new NotReady(model(), reason)));
  }

  /**
   * Ends requests whose time is up or whose callers have left, and kills the worker when a run
   * takes longer than the model's limit: nothing else ends one.
   */
  void endOverdue() {
    queue.endUnwanted();
    Duration limit = files.config().limits().runTime();
    List<Run> overdue = queue.findOverdue();
    if (!overdue.isEmpty()) {
      overdue.stream().flatMap(run -> run.members().stream()).forEach(Pending::markOverdue);
      worker.kill("a request ran longer than " + limit.toSeconds() + " s");
    }
  }

  /** Takes no more requests, answers those it has, ends the worker; when time is over, at once. */
  void stop(Duration limit) throws InterruptedException {
    queue.close();
    if (!supervisor.join(limit)) {
      end();
      supervisor.join(END_LIMIT);
    }
  }

  /** Ends it as it is, where it has not ended: who has no answer yet is refused. */
  void end() {
    if (!supervisor.isAlive()) {
      return;
    }
    queue.end(new NotReady(model(), STOPPED));
    supervisor.interrupt();
    // Whoever writes to a worker that does not read is held until the worker has ended.
    worker.kill(STOPPED);
  }

  ModelVersion model() {
    return files.model();
  }

  ServedModel served() {
    return new ServedModel(model(), files.config(), signature, sharing.rowsMax(), ready());
  }

  boolean ready() {
    return standing.state() == ModelState.READY;
  }

  ModelStatus status() {
    WorkerProcess current = worker;
    OptionalLong pid =
        current.gone().isDone() ? OptionalLong.empty() : OptionalLong.of(current.pid());
    Standing now = standing;
    return new ModelStatus(
        model(),
        now.state(),
        now.reason(),
        true,
        pid,
        restarts.get(),
        Optional.of(acceptance),
        Optional.of(inEffect));
  }

  ModelStats stats() {
    Instant now = Instant.now();
    return new ModelStats(
        model(),
        recorder.requests(),
        recorder.failures(),
        restarts.get(),
        queue.depth(),
        recorder.work(),
        recorder.latency(),
        recorder.recentLatency(now),
        recorder.recent(now));
  }
}
