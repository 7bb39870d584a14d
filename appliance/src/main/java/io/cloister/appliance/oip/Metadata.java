package io.cloister.appliance.oip;

import com.fasterxml.jackson.core.JsonGenerator;
import io.cloister.appliance.inference.ServedModel;
import io.cloister.appliance.model.TensorSpec;
import io.cloister.appliance.tensor.Datatype;
import java.io.IOException;
import java.util.List;

/** What a model is: its versions, its tensors, how its requests are batched. */
public final class Metadata {
  /** Of the server (Triton's names). */
  public static final List<String> EXTENSIONS =
      List.of(
          "binary_tensor_data",
          "classification",
          "model_configuration",
          "model_repository",
          "schedule_policy",
          "statistics");

  public static final String PLATFORM = "onnxruntime_onnx";

  private Metadata() {}

  /** OIP v2, "Model Metadata Response JSON Object". */
  static void write(JsonGenerator json, ServedModel model) throws IOException {
    json.writeStringField("name", model.model().name());
    json.writeArrayFieldStart("versions");
    json.writeString(model.model().version());
    json.writeEndArray();
    json.writeStringField("platform", PLATFORM);
    writeSpecs(json, "inputs", model.signature().inputs());
    writeSpecs(json, "outputs", model.signature().outputs());
    json.writeObjectFieldStart("parameters");
    json.writeStringField("description", model.config().description());
    json.writeStringField("batching", model.config().batching().text());
    json.writeBooleanField("batching_across_callers", model.sharedRowsMax() > 1);
    json.writeNumberField("batching_max_rows", model.sharedRowsMax());
    json.writeEndObject();
  }

  private static void writeSpecs(JsonGenerator json, String field, List<TensorSpec> specs)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (TensorSpec spec : specs) {
      TensorWriter.write(json, spec);
    }
    json.writeEndArray();
  }

  /** Triton, "Model Configuration Extension"; a batch is a dimension like any other here. */
  static void writeConfig(JsonGenerator json, ServedModel model) throws IOException {
    json.writeStringField("name", model.model().name());
    json.writeStringField("platform", PLATFORM);
    json.writeStringField("backend", "onnxruntime");
    json.writeNumberField("max_batch_size", 0);
    writeConfig(json, "input", model.signature().inputs());
    writeConfig(json, "output", model.signature().outputs());
  }

  private static void writeConfig(JsonGenerator json, String field, List<TensorSpec> specs)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (TensorSpec spec : specs) {
      json.writeStartObject();
      json.writeStringField("name", spec.name());
      json.writeStringField("data_type", "TYPE_" + configName(spec.datatype()));
      json.writeArrayFieldStart("dims");
      for (long dim : spec.dims()) {
        json.writeNumber(dim);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static String configName(Datatype datatype) {
    return datatype == Datatype.BYTES ? "STRING" : datatype.name();
  }
}
