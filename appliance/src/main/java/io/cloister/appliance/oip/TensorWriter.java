package io.cloister.appliance.oip;

import com.fasterxml.jackson.core.JsonGenerator;
import io.cloister.appliance.model.TensorSpec;
import io.cloister.appliance.tensor.BytesTensor;
import io.cloister.appliance.tensor.PackedTensor;
import io.cloister.appliance.tensor.Shape;
import io.cloister.appliance.tensor.Tensor;
import io.helidon.http.HttpException;
import io.helidon.http.Status;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Writes output tensors (OIP v2, "Response Output"): flat data in row-major order. JSON has no
 * number for NaN and the infinities: they are the texts "NaN", "Infinity" and "-Infinity".
 */
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
    switch (tensor) {
      case PackedTensor packed -> writeNumbers(json, packed);
      case BytesTensor bytes -> writeTexts(json, bytes);
    }
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

  private static void writeNumbers(JsonGenerator json, PackedTensor tensor) throws IOException {
    ByteBuffer data = tensor.data();
    while (data.hasRemaining()) {
      switch (tensor.datatype()) {
        case BOOL -> json.writeBoolean(data.get() != 0);
        case INT8 -> json.writeNumber(data.get());
        case UINT8 -> json.writeNumber(Byte.toUnsignedInt(data.get()));
        case INT16 -> json.writeNumber(data.getShort());
        case UINT16 -> json.writeNumber(Short.toUnsignedInt(data.getShort()));
        case INT32 -> json.writeNumber(data.getInt());
        case UINT32 -> json.writeNumber(Integer.toUnsignedLong(data.getInt()));
        case INT64 -> json.writeNumber(data.getLong());
        case UINT64 -> json.writeNumber(new BigInteger(Long.toUnsignedString(data.getLong())));
        case FP16 -> json.writeNumber(Float.float16ToFloat(data.getShort()));
        case FP32 -> json.writeNumber(data.getFloat());
        case FP64 -> json.writeNumber(data.getDouble());
        case BYTES -> throw new IllegalStateException("BYTES are never packed");
      }
    }
  }

  private static void writeTexts(JsonGenerator json, BytesTensor tensor) throws IOException {
    for (byte[] value : tensor.values()) {
      try {
        json.writeString(
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString());
      } catch (CharacterCodingException e) {
        throw new HttpException(
            ("output '%s' holds bytes that are not UTF-8 text, which JSON cannot carry; ask for it"
                    + " with \"parameters\": {\"binary_data\": true}")
                .formatted(tensor.name()),
            Status.BAD_REQUEST_400,
            e,
            true);
      }
    }
  }
}
