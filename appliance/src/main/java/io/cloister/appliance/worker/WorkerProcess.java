package io.cloister.appliance.worker;

import io.cloister.appliance.model.ModelConfig;
import io.cloister.appliance.model.ModelPackage;
import io.cloister.appliance.model.ModelRefused;
import io.cloister.appliance.model.Signature;
import io.cloister.appliance.tensor.Tensor;
import io.cloister.appliance.worker.RunException.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of one worker process. Whatever the process sends or does, the worst outcome is
 * its end; every run then fails with {@link Kind#ENDED}.
 */
public final class WorkerProcess {
  /** For a process to end in by itself, for its own reason. */
  private static final Duration END_PATIENCE = Duration.ofSeconds(2);

  private final Process process;
  private final Optional<Path> group;
  private final WorkerOutput output = new WorkerOutput();
  private final CompletableFuture<Signature> loaded = new CompletableFuture<>();
  private final Map<Long, CompletableFuture<List<Tensor>>> runs = new ConcurrentHashMap<>();
  private final AtomicLong lastId = new AtomicLong();
  private final AtomicReference<String> killed = new AtomicReference<>();
  private final CompletableFuture<@Nullable Void> gone = new CompletableFuture<>();
  private final CompletableFuture<String> ended = new CompletableFuture<>();
  private final ReentrantLock writeLock = new ReentrantLock();
  private final FrameWriter writer = new FrameWriter(false);
  private final Thread printed;

  private WorkerProcess(Process process, Optional<Path> group, String title) {
    this.process = process;
    this.group = group;
    this.printed = daemon(title + " output", () -> output.drain(process.getErrorStream()));
    daemon(title + " answers", this::readAnswers);
    // A child that it leaves behind may hold the answers' pipe open.
    var _ = process.onExit().thenRunAsync(this::end, inAWhile());
  }

  private static Executor inAWhile() {
    return CompletableFuture.delayedExecutor(END_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static Thread daemon(String name, Runnable work) {
    return Thread.ofPlatform().daemon().name(name).start(work);
  }

  /**
   * Starts a process, which makes itself ready for a model.
   *
   * @param title of the model
   */
  public static WorkerProcess launch(WorkerCommand command, ModelConfig.Limits limits, String title)
      throws ModelRefused {
    try {
      Optional<Path> group =
          command.groups().isEmpty()
              ? Optional.empty()
              : Optional.of(command.groups().get().create(limits, command.background()));
      return attended(command.process(limits, group).start(), group, title);
    } catch (IOException e) {
      throw new ModelRefused("its worker cannot be started: " + e.getMessage(), e);
    }
  }

  private static WorkerProcess attended(Process process, Optional<Path> group, String title) {
    try {
      WorkerProcess worker = new WorkerProcess(process, group, title);
      var _ = worker.ended.thenRun(() -> group.ifPresent(ControlGroups::delete));
      return worker;
    } catch (OutOfMemoryError e) {
      // There may be no thread to be had at the moment.
      process.toHandle().destroyForcibly();
      throw e;
    }
  }

  /**
   * Has it load a model, and waits for that; whoever called ends the process when it is refused.
   *
   * @param threads runs at once
   */
  public void load(ModelPackage model, int threads) throws ModelRefused, InterruptedException {
    Duration limit = model.config().limits().loadTime();
    try {
      send(new Message.Load(model.folder().toString(), model.config(), threads, model.textsMax()));
      loaded.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      kill("it did not load within " + limit.toSeconds() + " s");
      throw new ModelRefused("it did not load within " + limit.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw new ModelRefused("it does not load: " + cause(e).getMessage(), e);
    } catch (IOException e) {
      takesNoMore();
      throw new ModelRefused("it does not load: " + ended.join(), e);
    }
  }

  private static Throwable cause(ExecutionException e) {
    return e.getCause() == null ? e : e.getCause();
  }

  /** The tensors of the loaded model. */
  public Signature signature() {
    return loaded.join();
  }

  public long pid() {
    return process.pid();
  }

  /** Completes as soon as the process takes no more runs. */
  public CompletableFuture<@Nullable Void> gone() {
    return gone;
  }

  /** Completes with the reason when the process has ended; never exceptionally. */
  public CompletableFuture<String> ended() {
    return ended;
  }

  /**
   * Sends a run; blocks while the pipe is full. The result fails with a {@link RunException}.
   *
   * @param outputs the names wanted, in that order; all when empty
   */
  public CompletableFuture<List<Tensor>> run(List<Tensor> inputs, List<String> outputs) {
    long id = lastId.incrementAndGet();
    CompletableFuture<List<Tensor>> result = new CompletableFuture<>();
    runs.put(id, result);
    try {
      send(new Message.Run(id, inputs, outputs));
    } catch (FrameException e) {
      runs.remove(id);
      result.completeExceptionally(
          new RunException(Kind.CONTENT, "the request cannot be sent: " + e.getMessage()));
    } catch (IOException e) {
      takesNoMore();
      runs.remove(id);
      result.completeExceptionally(new RunException(Kind.UNSENT, "the worker does not read"));
    }
    // The end fails the runs that it finds; a run that came later is failed here.
    if (ended.isDone()) {
      result.completeExceptionally(new RunException(Kind.ENDED, ended.join()));
    }
    return result;
  }

  /** Likewise; ends the process where it does not read or answer in that time. */
  public CompletableFuture<List<Tensor>> run(
      List<Tensor> inputs, List<String> outputs, Duration limit) {
    CompletableFuture<@Nullable Void> time = new CompletableFuture<>();
    var _ = time.thenRun(() -> kill("a run took longer than " + limit.toSeconds() + " s"));
    time.completeOnTimeout(null, limit.toMillis(), TimeUnit.MILLISECONDS);
    CompletableFuture<List<Tensor>> result = run(inputs, outputs);
    var _ = result.whenComplete((_, _) -> time.cancel(false));
    return result;
  }

  /** A process that does not read is ending, or it closed the pipe and must. */
  private void takesNoMore() {
    if (gone.complete(null)) {
      inAWhile().execute(() -> kill("it does not read"));
    }
  }

  private void send(Message message) throws IOException {
    writeLock.lock();
    try {
      ByteBuffer frame = MessageCodec.encode(writer, message);
      OutputStream out = process.getOutputStream();
      out.write(frame.array(), frame.arrayOffset(), frame.remaining());
      out.flush();
    } finally {
      writer.release();
      writeLock.unlock();
    }
  }

  /**
   * Ends the process at once, and with it whoever writes to it; the first reason stays. Waits for
   * nobody: {@link Process#destroyForcibly} would wait for the writer.
   */
  public void kill(String reason) {
    killed.compareAndSet(null, reason);
    group.ifPresent(ControlGroups::kill);
    if (process.isAlive()) {
      // A child that outlived it would hold the pipes open.
      process.descendants().forEach(ProcessHandle::destroyForcibly);
    }
    process.toHandle().destroyForcibly();
  }

  /** Lets it finish what it has and end; kills it when that takes longer. */
  public void drain(Duration limit) throws InterruptedException {
    try {
      process.getOutputStream().close();
      ended.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (IOException | TimeoutException | ExecutionException e) {
      kill("it did not end within " + limit.toSeconds() + " s");
    }
  }

  private void readAnswers() {
    try (AnswerStream answers = new AnswerStream(process.getInputStream())) {
      for (Optional<Message> m = answers.read(); m.isPresent(); m = answers.read()) {
        take(m.get());
      }
    } catch (FrameException e) {
      kill("it sent what is no answer: " + e.getMessage());
    } catch (IOException | RuntimeException e) {
      kill("its answers cannot be read: " + e);
    } finally {
      end();
    }
  }

  private void take(Message message) throws FrameException {
    switch (message) {
      case Message.Loaded answer -> loaded.complete(answer.signature());
      case Message.Result answer -> run(answer.id()).complete(answer.outputs());
      case Message.Fault fault -> {
        RunException refusal =
            new RunException(fault.kind(), WorkerOutput.printable(fault.reason()));
        boolean ofLoad = fault.id() == 0 && loaded.completeExceptionally(refusal);
        if (!ofLoad) {
          run(fault.id()).completeExceptionally(refusal);
        }
      }
      case Message.Load load -> throw new FrameException("a load is not for the server");
      case Message.Run run -> throw new FrameException("a run is not for the server");
    }
  }

  private CompletableFuture<List<Tensor>> run(long id) throws FrameException {
    CompletableFuture<List<Tensor>> result = runs.remove(id);
    if (result == null) {
      throw new FrameException("an answer to no request");
    }
    return result;
  }

  /** The process or its answers' pipe has ended: it is ending, or it closed the pipe and must. */
  private void end() {
    if (ended.isDone()) {
      return;
    }
    gone.complete(null);
    String reason = "unknown";
    try {
      if (!process.waitFor(END_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        kill("it closed its answers");
      }
      printed.join(END_PATIENCE);
      reason = WorkerEnd.describe(process.waitFor(), killed.get(), output);
    } catch (InterruptedException e) {
      process.destroyForcibly();
    }
    RunException refusal = new RunException(Kind.ENDED, reason);
    loaded.completeExceptionally(refusal);
    ended.complete(reason);
    runs.values().forEach(result -> result.completeExceptionally(refusal));
  }
}
