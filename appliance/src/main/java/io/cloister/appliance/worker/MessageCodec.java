package io.cloister.appliance.worker;

import io.cloister.appliance.model.Batching;
import io.cloister.appliance.model.ModelConfig;
import io.cloister.appliance.model.Signature;
import io.cloister.appliance.model.TensorSpec;
import io.cloister.appliance.tensor.Datatype;
import io.cloister.appliance.worker.RunException.Kind;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Messages as frames and back. */
final class MessageCodec {
  private static final int LOAD = 1;
  private static final int RUN = 2;
  private static final int LOADED = 3;
  private static final int RESULT = 4;
  private static final int FAULT = 5;

  private MessageCodec() {}

  static ByteBuffer encode(FrameWriter frame, Message message) throws FrameException {
    switch (message) {
      case Message.Load load -> {
        frame.begin(LOAD, 0);
        encode(frame, load);
      }
      case Message.Loaded loaded -> {
        frame.begin(LOADED, 0);
        encode(frame, loaded.signature().inputs());
        encode(frame, loaded.signature().outputs());
      }
      case Message.Run run -> {
        frame.begin(RUN, run.id());
        frame.texts(run.outputs());
        frame.tensors(run.inputs());
      }
      case Message.Result result -> {
        frame.begin(RESULT, result.id());
        frame.tensors(result.outputs());
      }
      case Message.Fault fault -> {
        frame.begin(FAULT, fault.id());
        frame.u8(fault.kind() == Kind.CONTENT ? 1 : 0);
        frame.text(fault.reason());
      }
    }
    return frame.finish();
  }

  private static void encode(FrameWriter frame, Message.Load load) throws FrameException {
    ModelConfig config = load.config();
    frame.text(load.folder());
    frame.i32(load.threads());
    frame.i32(load.textsMax());
    frame.text(config.graph());
    frame.i32(config.session().intraOpThreads());
    frame.texts(config.session().disabledOptimizers());
    frame.u8(config.session().spinning() ? 1 : 0);
    frame.u8(config.text().isPresent() ? 1 : 0);
    if (config.text().isPresent()) {
      frame.text(config.text().get().tokenizer());
      frame.i32(config.text().get().tokensMax());
      frame.u8(config.text().get().normalize() ? 1 : 0);
    }
  }

  private static void encode(FrameWriter frame, List<TensorSpec> specs) throws FrameException {
    frame.i32(specs.size());
    for (TensorSpec spec : specs) {
      frame.text(spec.name());
      frame.u8(spec.datatype().code());
      frame.u8(spec.dims().size());
      for (int i = 0; i < spec.dims().size(); i++) {
        frame.i64(spec.dims().get(i));
        frame.text(spec.symbols().get(i));
      }
    }
  }

  /** A result is as long as its tensors; of the others none is long, but for a run. */
  static boolean isResult(int kind) {
    return kind == RESULT;
  }

  static Message decode(int kind, long id, ByteBuffer body, FrameReader.Heap heap)
      throws FrameException {
    FrameReader frame = new FrameReader(body, heap);
    Message message =
        switch (kind) {
          case LOAD -> load(frame);
          case LOADED -> new Message.Loaded(new Signature(specs(frame), specs(frame)));
          case RUN -> run(id, frame);
          case RESULT -> new Message.Result(id, frame.tensors());
          case FAULT ->
              new Message.Fault(id, frame.u8() != 0 ? Kind.CONTENT : Kind.MODEL, frame.text());
          default -> throw new FrameException("unknown kind of frame " + kind);
        };
    frame.end();
    return message;
  }

  private static Message.Run run(long id, FrameReader frame) throws FrameException {
    List<String> outputs = frame.texts();
    return new Message.Run(id, frame.tensors(), outputs);
  }

  /** What the worker does not need (description, limits) does not travel. */
  private static Message.Load load(FrameReader frame) throws FrameException {
    String folder = frame.text();
    int threads = frame.i32();
    int textsMax = frame.i32();
    String graph = frame.text();
    ModelConfig.Session session =
        new ModelConfig.Session(frame.i32(), frame.texts(), frame.u8() != 0);
    Optional<ModelConfig.TextPipeline> text =
        frame.u8() == 0
            ? Optional.empty()
            : Optional.of(new ModelConfig.TextPipeline(frame.text(), frame.i32(), frame.u8() != 0));
    ModelConfig.Limits limits =
        new ModelConfig.Limits(Duration.ZERO, Duration.ZERO, 0, 0, OptionalInt.empty());
    ModelConfig config =
        new ModelConfig(
            "", graph, text, Batching.INDEPENDENT, ModelConfig.Sharing.DEFAULT, session, limits);
    return new Message.Load(folder, config, threads, textsMax);
  }

  private static List<TensorSpec> specs(FrameReader frame) throws FrameException {
    List<TensorSpec> specs = new ArrayList<>();
    for (int count = frame.i32(); count > 0; count--) {
      String name = frame.text();
      Datatype datatype = frame.datatype();
      List<Long> dims = new ArrayList<>();
      List<String> symbols = new ArrayList<>();
      for (int rank = frame.u8(); rank > 0; rank--) {
        dims.add(frame.i64());
        symbols.add(frame.text());
      }
      specs.add(new TensorSpec(name, datatype, dims, symbols));
    }
    return specs;
  }
}
