package io.cloister.appliance.compat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.cloister.appliance.http.BadJson;
import io.cloister.appliance.http.DataReader;
import io.cloister.appliance.model.Signature;
import io.cloister.appliance.model.TensorSpec;
import java.io.IOException;
import java.util.List;

/** The inputs that a prediction may name; the only one of a model needs no name. */
record ModelInputs(Signature signature) {
  /** Reads something of one input. */
  @FunctionalInterface
  interface Reading<T> {
    T read() throws IOException;
  }

  /** What is wrong in it is told with the input's name. */
  static <T> T of(String name, JsonParser json, Reading<T> reading) throws IOException {
    try {
      return reading.read();
    } catch (BadJson e) {
      throw new BadJson("input '%s': %s".formatted(name, e.getMessage()), json);
    }
  }

  static DataReader reader(TensorSpec spec) {
    return new DataReader(spec.datatype(), 0, true);
  }

  /**
   * Whether the parser stands on inputs by their names, or on a value. Of an object it goes to the
   * first field, where {@link DataReader} reads on if that is a value.
   */
  boolean named(JsonParser json) throws IOException {
    return json.currentToken() == JsonToken.START_OBJECT
        && !(json.nextToken() == JsonToken.FIELD_NAME
            && json.currentName().equals(DataReader.BASE64)
            && signature.findInput(DataReader.BASE64).isEmpty());
  }

  TensorSpec only(JsonParser json) throws IOException {
    if (signature.inputs().size() != 1) {
      throw new BadJson("the model has several inputs, so each needs its name: " + names(), json);
    }
    return signature.inputs().getFirst();
  }

  TensorSpec find(String name, JsonParser json) throws IOException {
    return signature
        .findInput(name)
        .orElseThrow(
            () ->
                new BadJson(
                    "the model has no input '%s'; its inputs are %s".formatted(name, names()),
                    json));
  }

  private List<String> names() {
    return signature.inputs().stream().map(TensorSpec::name).toList();
  }
}
