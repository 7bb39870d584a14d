package io.cloister.appliance.compat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.cloister.appliance.http.HeapShare;
import io.cloister.appliance.http.JsonBody;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What all examples have in common (TensorFlow Serving, "Classify and Regress API", "context"): few
 * bytes that become as many values as there are examples, so each time is counted.
 */
final class Context {
  /** Heap that a character of JSON takes at most when it has become a value. */
  private static final long HEAP_PER_CHAR = 16;

  private record Value(TokenBuffer tokens, long chars) {}

  private final Map<String, Value> values = new LinkedHashMap<>();
  private final HeapShare heap;

  Context(HeapShare heap) {
    this.heap = heap;
  }

  /** Stands on the object. */
  void read(JsonParser json) throws IOException {
    JsonBody.expect(json, JsonToken.START_OBJECT, "an object in \"context\"");
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      long start = json.currentLocation().getCharOffset();
      TokenBuffer tokens = new TokenBuffer(json);
      tokens.copyCurrentStructure(json);
      long chars = json.currentLocation().getCharOffset() - start;
      values.put(name, new Value(tokens, chars + 1));
    }
  }

  Set<String> names() {
    return values.keySet();
  }

  /** Stands on that value, for one more example. */
  JsonParser next(String name) throws IOException {
    Value value = Objects.requireNonNull(values.get(name));
    heap.take(value.chars() * HEAP_PER_CHAR);
    JsonParser json = value.tokens().asParser();
    json.nextToken();
    return json;
  }
}
