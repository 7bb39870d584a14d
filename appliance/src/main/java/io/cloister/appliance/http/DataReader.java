package io.cloister.appliance.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.cloister.appliance.tensor.BytesTensor;
import io.cloister.appliance.tensor.Datatype;
import io.cloister.appliance.tensor.PackedTensor;
import io.cloister.appliance.tensor.Shape;
import io.cloister.appliance.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * Reads tensor data as it comes: flat or nested as a shape says (both are allowed by OIP v2), or
 * with the shape of its arrays. Nothing but the values is kept.
 */
public final class DataReader {
  /** Each text costs its own object: without a bound, many small ones fill the heap. */
  public static final int TEXTS_MAX = 1 << 16;

  /** The one field of bytes that are no text (TensorFlow Serving, "Encoding binary values"). */
  public static final String BASE64 = "b64";

  private static final int UNKNOWN = -1;

  private final Datatype datatype;
  private final boolean base64;
  private final Elements elements;
  private final List<byte[]> texts = new ArrayList<>();

  /** Length of the arrays at each depth, as found. */
  private final int[] lengths = new int[Shape.DIMS_MAX];

  /** How many arrays lie around each element. */
  private int rank = UNKNOWN;

  private int depth;
  private int rows;

  /**
   * Texts are texts.
   *
   * @param elementsExpected a hint; 0 when the shape is not known yet
   */
  public DataReader(Datatype datatype, int elementsExpected) {
    this(datatype, elementsExpected, false);
  }

  /**
   * Likewise.
   *
   * @param base64 whether a text may be the object <code>{"b64": "…"}</code>
   */
  public DataReader(Datatype datatype, int elementsExpected, boolean base64) {
    this.datatype = datatype;
    this.base64 = base64;
    this.elements = new Elements(datatype, elementsExpected);
    Arrays.fill(lengths, UNKNOWN);
  }

  /** Reads the array that the parser stands on. */
  public void readArray(JsonParser json) throws IOException {
    JsonBody.expect(json, JsonToken.START_ARRAY, "an array in \"data\"");
    read(json, 0);
  }

  /** Reads the value that the parser stands on: an array, or one element. */
  public void read(JsonParser json) throws IOException {
    read(json, 0);
  }

  /** Reads the value that the parser stands on, as the next of the first dimension. */
  public void addRow(JsonParser json) throws IOException {
    read(json, 1);
    depth = Math.max(depth, 1);
    lengths[0] = ++rows;
  }

  /** How many were added. */
  public int rows() {
    return rows;
  }

  private void read(JsonParser json, int around) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      if (rank != around) {
        rank = rank == UNKNOWN ? around : ragged(json);
      }
      readElement(json, json.currentToken());
      return;
    }
    if (around >= Shape.DIMS_MAX) {
      throw new BadJson("data is nested deeper than " + Shape.DIMS_MAX + " arrays", json);
    }
    depth = Math.max(depth, around + 1);
    int length = 0;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      read(json, around + 1);
      length++;
    }
    if (lengths[around] != UNKNOWN && lengths[around] != length) {
      ragged(json);
    }
    lengths[around] = length;
  }

  private static int ragged(JsonParser json) throws IOException {
    throw new BadJson("data is nested unevenly: arrays at one depth differ in length", json);
  }

  private void readElement(JsonParser json, JsonToken token) throws IOException {
    if (datatype != Datatype.BYTES) {
      elements.add(json, token);
      return;
    }
    if (texts.size() == TEXTS_MAX) {
      throw new BadJson("a tensor has at most " + TEXTS_MAX + " texts, data has more", json);
    }
    if (token == JsonToken.VALUE_STRING) {
      texts.add(JsonText.utf8(json));
    } else if (base64 && (token == JsonToken.START_OBJECT || token == JsonToken.FIELD_NAME)) {
      texts.add(readBase64(json));
    } else {
      throw new BadJson("expected a text for BYTES, got " + JsonBody.describe(json), json);
    }
  }

  /** Stands on the object, or on its first field. */
  private static byte[] readBase64(JsonParser json) throws IOException {
    boolean found =
        (json.currentToken() == JsonToken.FIELD_NAME || json.nextToken() == JsonToken.FIELD_NAME)
            && json.currentName().equals(BASE64)
            && json.nextToken() == JsonToken.VALUE_STRING;
    if (!found) {
      throw new BadJson("expected a text for BYTES, or {\"b64\": \"…\"}", json);
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(json.getText());
      if (json.nextToken() == JsonToken.END_OBJECT) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      throw new BadJson("\"b64\" is not base64: " + e.getMessage(), json);
    }
    throw new BadJson("an object with \"b64\" has no other field", json);
  }

  /** What was read, where it fills that shape. */
  public Tensor tensor(JsonParser json, String name, Shape shape) throws IOException {
    if (count() != shape.elements()) {
      throw new BadJson(
          "input '%s': shape %s takes %d elements, data has %d"
              .formatted(name, shape, shape.elements(), count()),
          json);
    }
    if (depth > 1 && !nestedAs(shape)) {
      throw new BadJson(
          "input '%s': shape is %s, but data is nested as %s"
              .formatted(name, shape, Arrays.toString(found()).replace(" ", "")),
          json);
    }
    return filled(name, shape);
  }

  /** What was read, in the shape of its arrays. */
  public Tensor tensor(JsonParser json, String name) throws IOException {
    Shape shape;
    try {
      shape = new Shape(Arrays.stream(found()).asLongStream().boxed().toList());
    } catch (IllegalArgumentException e) {
      throw new BadJson(String.valueOf(e.getMessage()), json);
    }
    if (count() != shape.elements()) {
      ragged(json);
    }
    return filled(name, shape);
  }

  private int count() {
    return datatype == Datatype.BYTES ? texts.size() : elements.count();
  }

  private Tensor filled(String name, Shape shape) {
    return datatype == Datatype.BYTES
        ? new BytesTensor(name, shape, texts)
        : new PackedTensor(name, datatype, shape, elements.packed());
  }

  private boolean nestedAs(Shape shape) {
    return Arrays.equals(shape.toArray(), Arrays.stream(found()).asLongStream().toArray());
  }

  private int[] found() {
    return Arrays.copyOf(lengths, depth);
  }
}
