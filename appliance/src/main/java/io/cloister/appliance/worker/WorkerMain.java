package io.cloister.appliance.worker;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.cloister.appliance.model.ModelConfig;
import io.cloister.appliance.text.TextTokenizer;
import io.cloister.appliance.worker.RunException.Kind;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * The worker process: loads one model and answers until its standard input ends. Answers go to file
 * descriptor 3, because native libraries print on 1. Any doubt about the stream ends the process:
 * the server starts another.
 */
public final class WorkerMain {
  private static final int STATUS_DEFECT = 70;

  private WorkerMain() {}

  /** Takes no arguments; see docs/format/worker-protocol.md. */
  public static void main(String[] arguments) {
    int status = STATUS_DEFECT;
    endWithTheServer();
    try (FileInputStream in = new FileInputStream(FileDescriptor.in);
        FileOutputStream out = new FileOutputStream("/proc/self/fd/3")) {
      serve(new FrameChannel(in.getChannel(), out.getChannel()));
      status = 0;
    } catch (IOException | OrtException | InterruptedException | RuntimeException e) {
      System.err.println("worker: " + e);
    }
    // Not exit: ONNX Runtime's shutdown hook has nothing to do and has crashed before.
    Runtime.getRuntime().halt(status);
  }

  /** A killed server ends the input too, but a thread that runs for ever would not notice. */
  private static void endWithTheServer() {
    ProcessHandle.current()
        .parent()
        .ifPresent(
            server -> {
              var _ = server.onExit().thenRun(() -> Runtime.getRuntime().halt(0));
            });
  }

  private static void serve(FrameChannel channel)
      throws IOException, OrtException, InterruptedException {
    // While the server proves the model's files. What fails here is said of the load.
    FutureTask<OrtEnvironment> engine = new FutureTask<>(Engine::start);
    engine.run();
    if (!(channel.read(new FrameInput()) instanceof Message.Load load)) {
      throw new FrameException("the first message is not a load");
    }
    WorkerModel model;
    try {
      model = open(engine.get(), load);
    } catch (ExecutionException e) {
      channel.write(
          new FrameWriter(true),
          new Message.Fault(0, Kind.MODEL, reason(Objects.requireNonNullElse(e.getCause(), e))));
      return;
    } catch (OrtException | RuntimeException | LinkageError e) {
      channel.write(new FrameWriter(true), new Message.Fault(0, Kind.MODEL, reason(e)));
      return;
    }
    channel.write(new FrameWriter(true), new Message.Loaded(model.signature()));
    List<Thread> threads = new ArrayList<>();
    for (int i = 1; i < load.threads(); i++) {
      threads.add(Thread.ofPlatform().name("run-" + i).start(() -> answer(channel, model)));
    }
    answer(channel, model);
    for (Thread thread : threads) {
      thread.join();
    }
    model.close();
  }

  private static WorkerModel open(OrtEnvironment engine, Message.Load load)
      throws OrtException, ExecutionException, InterruptedException {
    Path folder = Path.of(load.folder());
    ModelConfig config = load.config();
    Path graph = folder.resolve(config.graph());
    if (config.text().isEmpty()) {
      return OnnxGraph.open(engine, graph, config.session());
    }
    ModelConfig.TextPipeline text = config.text().get();
    Path file = folder.resolve(text.tokenizer());
    // Beside the graph: each takes about as long as the other.
    FutureTask<TextTokenizer> tokenizer =
        new FutureTask<>(() -> TextTokenizer.open(file, text.tokensMax()));
    Thread.ofPlatform().daemon().name("tokenizer").start(tokenizer);
    OnnxGraph opened = OnnxGraph.open(engine, graph, config.session());
    return new EmbeddingModel(opened, tokenizer.get(), text, load.textsMax());
  }

  /** Every thread reads for itself, runs, writes: no hand-over from one thread to another. */
  private static void answer(FrameChannel channel, WorkerModel model) {
    FrameInput input = new FrameInput();
    FrameWriter output = new FrameWriter(true);
    try {
      while (answerNext(channel, input, output, model)) {
        // Nothing of a run is held on to while its thread waits for the next one.
      }
    } catch (IOException | RuntimeException | Error e) {
      System.err.println("worker: " + e);
      Runtime.getRuntime().halt(STATUS_DEFECT);
    }
  }

  /** False at the end of the input. */
  private static boolean answerNext(
      FrameChannel channel, FrameInput input, FrameWriter output, WorkerModel model)
      throws IOException {
    Message next = channel.read(input);
    if (next == null) {
      return false;
    }
    if (!(next instanceof Message.Run run)) {
      throw new FrameException("not a run");
    }
    channel.write(output, answer(model, run));
    return true;
  }

  private static Message answer(WorkerModel model, Message.Run run) {
    try {
      return new Message.Result(run.id(), model.run(run.inputs(), run.outputs()));
    } catch (ContentFault e) {
      return new Message.Fault(run.id(), Kind.CONTENT, String.valueOf(e.getMessage()));
    } catch (OrtException | RuntimeException e) {
      return new Message.Fault(run.id(), Kind.MODEL, reason(e));
    }
  }

  private static String reason(Throwable e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}
