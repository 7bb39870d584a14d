package io.cloister.appliance.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.cloister.appliance.tensor.BytesTensor;
import io.cloister.appliance.tensor.Datatype;
import io.cloister.appliance.tensor.PackedTensor;
import io.cloister.appliance.tensor.Tensor;
import io.helidon.http.HttpException;
import io.helidon.http.Status;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes the elements of a tensor in row-major order. JSON has no number for NaN and the
 * infinities: they are the texts "NaN", "Infinity" and "-Infinity".
 */
public final class DataWriter {
  private static final int PIECE_CHARS = 512;

  private final JsonGenerator json;
  private final Tensor tensor;
  private final ByteBuffer data;
  private final List<byte[]> texts;
  private final boolean base64;
  private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
  private final CharBuffer piece;
  private int next;

  public DataWriter(JsonGenerator json, Tensor tensor) {
    this(json, tensor, false);
  }

  /**
   * @param base64 whether BYTES are written as {@code {"b64": "…"}} and not as text
   */
  public DataWriter(JsonGenerator json, Tensor tensor, boolean base64) {
    this.base64 = base64;
    this.json = json;
    this.tensor = tensor;
    this.data = tensor instanceof PackedTensor packed ? packed.data() : ByteBuffer.allocate(0);
    this.texts = tensor instanceof BytesTensor bytes ? bytes.values() : List.of();
    this.piece = CharBuffer.allocate(texts.isEmpty() ? 0 : PIECE_CHARS);
  }

  /** All elements, one after the other. */
  public void writeAll() throws IOException {
    int count = tensor.shape().elements();
    for (int i = 0; i < count; i++) {
      writeNext();
    }
  }

  /** All elements, in arrays as the shape from that dimension on says. */
  public void writeNested(int dimension) throws IOException {
    if (dimension == tensor.shape().rank()) {
      writeNext();
      return;
    }
    json.writeStartArray();
    for (long i = 0; i < tensor.shape().dims().get(dimension); i++) {
      writeNested(dimension + 1);
    }
    json.writeEndArray();
  }

  /** The next element. */
  public void writeNext() throws IOException {
    if (tensor.datatype() == Datatype.BYTES) {
      writeText(texts.get(next++));
    } else {
      writeNumber();
    }
  }

  private void writeNumber() throws IOException {
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

  private void writeText(byte[] value) throws IOException {
    if (base64) {
      json.writeStartObject();
      json.writeBinaryField("b64", value);
      json.writeEndObject();
      return;
    }
    if (!isUtf8(value)) {
      throw new HttpException(
          ("output '%s' holds bytes that are not UTF-8 text, which JSON cannot carry; ask for it by"
                  + " POST /v2/models/…/infer with \"parameters\": {\"binary_data\": true}")
              .formatted(tensor.name()),
          Status.BAD_REQUEST_400,
          true);
    }
    json.writeUTF8String(value, 0, value.length);
  }

  /** Decoded a piece at a time, and written as it is: a long text is not in memory once more. */
  private boolean isUtf8(byte[] value) {
    ByteBuffer rest = ByteBuffer.wrap(value);
    utf8.reset();
    CoderResult result;
    do {
      result = utf8.decode(rest, piece.clear(), true);
    } while (result.isOverflow());
    return !result.isError();
  }
}
