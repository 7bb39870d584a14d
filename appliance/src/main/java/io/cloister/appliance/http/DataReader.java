package io.cloister.appliance.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.cloister.appliance.tensor.BytesTensor;
import io.cloister.appliance.tensor.Datatype;
import io.cloister.appliance.tensor.PackedTensor;
import io.cloister.appliance.tensor.Shape;
import io.cloister.appliance.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads tensor data: flat, or nested as the shape says; both are allowed by OIP v2. */
public final class DataReader {
  /** Each text costs its own object: without a bound, many small ones fill the heap. */
  public static final int TEXTS_MAX = 1 << 16;

  private static final int UNKNOWN = -1;

  private final JsonParser json;
  private final Datatype datatype;
  private final Elements elements;
  private final List<byte[]> texts = new ArrayList<>();

  /** Length of the arrays at each depth, as found. */
  private final int[] lengths = new int[Shape.DIMS_MAX];

  /** Depth at which the elements lie. */
  private int leaf = UNKNOWN;

  private int depthMax;

  /**
   * Stands on the value of "data".
   *
   * @param elementsExpected a hint; 0 when the shape is not known yet
   */
  public DataReader(JsonParser json, Datatype datatype, int elementsExpected) {
    this.json = json;
    this.datatype = datatype;
    this.elements = new Elements(datatype, elementsExpected);
    Arrays.fill(lengths, UNKNOWN);
  }

  /** Reads the array that the parser stands on. */
  public void read() throws IOException {
    JsonBody.expect(json, JsonToken.START_ARRAY, "an array in \"data\"");
    readArray(0);
  }

  private void readArray(int depth) throws IOException {
    if (depth >= Shape.DIMS_MAX) {
      throw new BadJson("data is nested deeper than " + Shape.DIMS_MAX + " arrays", json);
    }
    depthMax = Math.max(depthMax, depth);
    int length = 0;
    for (JsonToken token = json.nextToken();
        token != JsonToken.END_ARRAY;
        token = json.nextToken()) {
      if (token == JsonToken.START_ARRAY) {
        readArray(depth + 1);
      } else {
        if (leaf != depth) {
          leaf = leaf == UNKNOWN ? depth : ragged();
        }
        readElement(token);
      }
      length++;
    }
    if (lengths[depth] != UNKNOWN && lengths[depth] != length) {
      ragged();
    }
    lengths[depth] = length;
  }

  private int ragged() throws IOException {
    throw new BadJson("data is nested unevenly: arrays at one depth differ in length", json);
  }

  private void readElement(JsonToken token) throws IOException {
    if (datatype != Datatype.BYTES) {
      elements.add(json, token);
      return;
    }
    if (token != JsonToken.VALUE_STRING) {
      throw new BadJson("expected a text for BYTES, got " + JsonBody.describe(json), json);
    }
    if (texts.size() == TEXTS_MAX) {
      throw new BadJson("a tensor has at most " + TEXTS_MAX + " texts, data has more", json);
    }
    texts.add(utf8(json.getText()));
  }

  /** Half of a surrogate pair is no text: it would silently become a question mark. */
  private byte[] utf8(String text) throws IOException {
    if (text.chars().anyMatch(c -> Character.isSurrogate((char) c))
        && !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new BadJson("a text holds half of a surrogate pair", json);
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** What was read, where it fills that shape. */
  public Tensor tensor(String name, Shape shape) throws IOException {
    int count = datatype == Datatype.BYTES ? texts.size() : elements.count();
    if (count != shape.elements()) {
      throw new BadJson(
          "input '%s': shape %s takes %d elements, data has %d"
              .formatted(name, shape, shape.elements(), count),
          json);
    }
    if (depthMax > 0 && !nestedAs(shape)) {
      throw new BadJson(
          "input '%s': shape is %s, but data is nested as %s"
              .formatted(name, shape, Arrays.toString(found()).replace(" ", "")),
          json);
    }
    return datatype == Datatype.BYTES
        ? new BytesTensor(name, shape, texts)
        : new PackedTensor(name, datatype, shape, elements.packed());
  }

  private boolean nestedAs(Shape shape) {
    return Arrays.equals(shape.toArray(), Arrays.stream(found()).asLongStream().toArray());
  }

  private int[] found() {
    return Arrays.copyOf(lengths, depthMax + 1);
  }
}
