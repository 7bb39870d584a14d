package io.cloister.appliance.compat;

import com.fasterxml.jackson.core.JsonGenerator;
import io.cloister.appliance.http.DataWriter;
import io.cloister.appliance.inference.ModelState;
import io.cloister.appliance.inference.ModelStatus;
import io.cloister.appliance.inference.ServedModel;
import io.cloister.appliance.model.TensorSpec;
import io.cloister.appliance.tensor.BytesTensor;
import io.cloister.appliance.tensor.Datatype;
import io.cloister.appliance.tensor.PackedTensor;
import io.cloister.appliance.tensor.Tensor;
import java.io.IOException;
import java.util.List;

/** How TensorFlow Serving's REST interface writes what models are and answer. */
final class TensorFlowJson {
  /** The only one a model has here. */
  static final String SIGNATURE = "serving_default";

  private TensorFlowJson() {}

  /** As KServe's first protocol asks whether a model is ready. */
  static void writeReady(JsonGenerator json, ModelStatus model) throws IOException {
    json.writeStringField("name", model.model().name());
    json.writeBooleanField("ready", model.state() == ModelState.READY);
  }

  static void writeStatus(JsonGenerator json, ModelStatus model) throws IOException {
    boolean well = model.state() == ModelState.READY;
    json.writeArrayFieldStart("model_version_status");
    json.writeStartObject();
    json.writeStringField("version", model.model().version());
    json.writeStringField(
        "state",
        switch (model.state()) {
          case READY -> "AVAILABLE";
          case LOADING -> "LOADING";
          case FAILED, UNLOADED -> "END";
        });
    json.writeObjectFieldStart("status");
    json.writeStringField("error_code", well ? "OK" : "UNAVAILABLE");
    json.writeStringField("error_message", well ? "" : model.reason().orElse(""));
    json.writeEndObject();
    json.writeEndObject();
    json.writeEndArray();
  }

  static void writeMetadata(JsonGenerator json, ServedModel model) throws IOException {
    json.writeObjectFieldStart("model_spec");
    json.writeStringField("name", model.model().name());
    json.writeStringField("signature_name", "");
    json.writeStringField("version", model.model().version());
    json.writeEndObject();
    for (String field : List.of("metadata", "signature_def", "signature_def", SIGNATURE)) {
      json.writeObjectFieldStart(field);
    }
    writeSpecs(json, "inputs", model.signature().inputs());
    writeSpecs(json, "outputs", model.signature().outputs());
    json.writeStringField("method_name", "tensorflow/serving/predict");
    for (int i = 0; i < 4; i++) {
      json.writeEndObject();
    }
  }

  private static void writeSpecs(JsonGenerator json, String field, List<TensorSpec> specs)
      throws IOException {
    json.writeObjectFieldStart(field);
    for (TensorSpec spec : specs) {
      json.writeObjectFieldStart(spec.name());
      json.writeStringField("dtype", dtype(spec.datatype()));
      json.writeObjectFieldStart("tensor_shape");
      json.writeArrayFieldStart("dim");
      for (long dim : spec.dims()) {
        json.writeStartObject();
        json.writeStringField("size", String.valueOf(dim));
        json.writeStringField("name", "");
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeBooleanField("unknown_rank", false);
      json.writeEndObject();
      json.writeStringField("name", spec.name());
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  /** Names of tensorflow/core/framework/types.proto. */
  private static String dtype(Datatype datatype) {
    return switch (datatype) {
      case FP16 -> "DT_HALF";
      case FP32 -> "DT_FLOAT";
      case FP64 -> "DT_DOUBLE";
      case BYTES -> "DT_STRING";
      case BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 ->
          "DT_" + datatype.name();
    };
  }

  /** {@code "outputs"}: one output without its name. */
  static void writeColumns(JsonGenerator json, List<Tensor> outputs) throws IOException {
    if (outputs.size() == 1) {
      json.writeFieldName("outputs");
      writer(json, outputs.getFirst()).writeNested(0);
      return;
    }
    json.writeObjectFieldStart("outputs");
    for (Tensor output : outputs) {
      json.writeFieldName(output.name());
      writer(json, output).writeNested(0);
    }
    json.writeEndObject();
  }

  /** {@code "predictions"}: one for each instance; of one output without its name. */
  static void writeRows(JsonGenerator json, List<Tensor> outputs, int rows) throws IOException {
    List<DataWriter> writers = outputs.stream().map(output -> writer(json, output)).toList();
    json.writeArrayFieldStart("predictions");
    for (int row = 0; row < rows; row++) {
      if (outputs.size() == 1) {
        writers.getFirst().writeNested(1);
        continue;
      }
      json.writeStartObject();
      for (int i = 0; i < outputs.size(); i++) {
        json.writeFieldName(outputs.get(i).name());
        writers.get(i).writeNested(1);
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** Outputs whose names end so carry bytes, not text ("Encoding binary values"). */
  private static DataWriter writer(JsonGenerator json, Tensor output) {
    return new DataWriter(json, output, output.name().endsWith("_bytes"));
  }

  /** For each row its classes with their scores, the place of each as its label. */
  static void writeClasses(JsonGenerator json, PackedTensor scores, int rows) throws IOException {
    int classes = scores.shape().elements() / rows;
    json.writeArrayFieldStart("results");
    for (int row = 0; row < rows; row++) {
      json.writeStartArray();
      for (int i = 0; i < classes; i++) {
        json.writeStartArray();
        json.writeString(String.valueOf(i));
        json.writeNumber(scores.doubleAt(row * classes + i));
        json.writeEndArray();
      }
      json.writeEndArray();
    }
    json.writeEndArray();
  }

  /** For each row its one value. */
  static void writeValues(JsonGenerator json, PackedTensor values) throws IOException {
    json.writeArrayFieldStart("results");
    new DataWriter(json, values, false).writeAll();
    json.writeEndArray();
  }

  static boolean isFloating(Tensor tensor) {
    return !(tensor instanceof BytesTensor) && tensor.datatype().name().startsWith("FP");
  }
}
