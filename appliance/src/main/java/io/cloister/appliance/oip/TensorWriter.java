package io.cloister.appliance.oip;

import com.fasterxml.jackson.core.JsonGenerator;
import io.cloister.appliance.http.DataWriter;
import io.cloister.appliance.model.TensorSpec;
import io.cloister.appliance.tensor.Shape;
import io.cloister.appliance.tensor.Tensor;
import java.io.IOException;

/** Writes output tensors (OIP v2, "Response Output"): flat data in row-major order. */
final class TensorWriter {
  private TensorWriter() {}

  /** A tensor whose data follows the JSON, in so many bytes. */
  static void writeBinary(JsonGenerator json, Tensor tensor, int bytes) throws IOException {
    writeStart(json, tensor);
    json.writeObjectFieldStart("parameters");
    json.writeNumberField("binary_data_size", bytes);
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void writeStart(JsonGenerator json, Tensor tensor) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", tensor.name());
    json.writeStringField("datatype", tensor.datatype().name());
    json.writeArrayFieldStart("shape");
    writeDims(json, tensor.shape());
    json.writeEndArray();
  }

  static void write(JsonGenerator json, Tensor tensor) throws IOException {
    writeStart(json, tensor);
    json.writeArrayFieldStart("data");
    new DataWriter(json, tensor).writeAll();
    json.writeEndArray();
    json.writeEndObject();
  }

  static void write(JsonGenerator json, TensorSpec spec) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", spec.name());
    json.writeStringField("datatype", spec.datatype().name());
    json.writeArrayFieldStart("shape");
    for (long dim : spec.dims()) {
      json.writeNumber(dim);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void writeDims(JsonGenerator json, Shape shape) throws IOException {
    for (long dim : shape.dims()) {
      json.writeNumber(dim);
    }
  }
}
