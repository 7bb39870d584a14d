package io.cloister.appliance.oip.grpc;

import io.cloister.appliance.inference.ModelStats;
import io.cloister.appliance.inference.ModelStatus;
import io.cloister.appliance.inference.ServedModel;
import io.cloister.appliance.model.TensorSpec;
import io.cloister.appliance.oip.Metadata;
import io.cloister.appliance.oip.Repository;
import java.util.List;

/** What the server and its models are and did, as messages; the fields' numbers are Triton's. */
final class Descriptions {
  private static final double NANOS_PER_MILLI = 1e6;

  private Descriptions() {}

  /** ServerMetadataResponse. */
  static ProtoWriter server(String release) {
    return new ProtoWriter().text(1, "cloister").text(2, release).texts(3, Metadata.EXTENSIONS);
  }

  /** ModelMetadataResponse. */
  static ProtoWriter model(ServedModel model) {
    ProtoWriter reply =
        new ProtoWriter()
            .text(1, model.model().name())
            .texts(2, List.of(model.model().version()))
            .text(3, Metadata.PLATFORM);
    model.signature().inputs().forEach(spec -> reply.message(4, tensor(spec)));
    model.signature().outputs().forEach(spec -> reply.message(5, tensor(spec)));
    return reply;
  }

  private static ProtoWriter tensor(TensorSpec spec) {
    return new ProtoWriter()
        .text(1, spec.name())
        .text(2, spec.datatype().name())
        .numbers(3, spec.dims());
  }

  /** ModelConfigResponse; a batch is a dimension like any other here. */
  static ProtoWriter config(ServedModel model) {
    ProtoWriter config = new ProtoWriter().text(1, model.model().name()).text(2, Metadata.PLATFORM);
    for (TensorSpec spec : model.signature().inputs()) {
      config.message(5, kind(spec).numbers(4, spec.dims()));
    }
    for (TensorSpec spec : model.signature().outputs()) {
      config.message(6, kind(spec).numbers(3, spec.dims()));
    }
    return new ProtoWriter().message(1, config.text(17, "onnxruntime"));
  }

  /** Triton's numbers of datatypes are OIP's order, which is ours. */
  private static ProtoWriter kind(TensorSpec spec) {
    return new ProtoWriter().text(1, spec.name()).number(2, spec.datatype().code());
  }

  /** ModelStatisticsResponse. */
  static ProtoWriter statistics(List<ModelStats> models) {
    ProtoWriter reply = new ProtoWriter();
    for (ModelStats stats : models) {
      reply.message(
          1,
          one ->
              one.text(1, stats.model().name())
                  .text(2, stats.model().version())
                  .number(4, stats.work().rows())
                  .number(5, stats.work().runs())
                  .message(6, durations(stats)));
    }
    return reply;
  }

  private static ProtoWriter durations(ModelStats stats) {
    ModelStats.Work work = stats.work();
    long answered = stats.latency().count();
    long failed = stats.failures().values().stream().mapToLong(Long::longValue).sum();
    long nanos = Math.round(stats.latency().sumMillis() * NANOS_PER_MILLI);
    return new ProtoWriter()
        .message(1, duration(answered, nanos))
        .message(2, duration(failed, 0))
        .message(3, duration(answered, work.queueNanos()))
        .message(4, duration(answered, work.inputNanos()))
        .message(5, duration(answered, work.runNanos()))
        .message(6, duration(answered, work.outputNanos()));
  }

  private static ProtoWriter duration(long count, long nanos) {
    return new ProtoWriter().number(1, count).number(2, nanos);
  }

  /** RepositoryIndexResponse. */
  static ProtoWriter index(List<ModelStatus> models) {
    ProtoWriter reply = new ProtoWriter();
    for (ModelStatus model : models) {
      reply.message(
          1,
          one ->
              one.text(1, model.model().name())
                  .text(2, model.model().version())
                  .text(3, Repository.state(model))
                  .text(4, Repository.reason(model)));
    }
    return reply;
  }
}
