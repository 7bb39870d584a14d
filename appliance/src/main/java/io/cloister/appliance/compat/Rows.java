package io.cloister.appliance.compat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.cloister.appliance.http.BadJson;
import io.cloister.appliance.http.DataReader;
import io.cloister.appliance.model.TensorSpec;
import io.cloister.appliance.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Reads a list of instances, each a value of the only input, or an object of every input's value
 * (TensorFlow Serving, "RESTful API", "Specifying input tensors in row format").
 */
final class Rows {
  private final String field;
  private final ModelInputs inputs;
  private final Context context;
  private final Map<String, DataReader> columns = new LinkedHashMap<>();
  private boolean named;
  private int rows;

  /**
   * @param field that holds the list
   * @param context what every instance has that says nothing else
   */
  Rows(String field, ModelInputs inputs, Context context) {
    this.field = field;
    this.inputs = inputs;
    this.context = context;
  }

  /** Stands on the list. */
  Prediction read(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY || json.nextToken() == JsonToken.END_ARRAY) {
      throw new BadJson("\"%s\" is a list of at least one instance".formatted(field), json);
    }
    while (json.currentToken() != JsonToken.END_ARRAY) {
      add(json);
      rows++;
      json.nextToken();
    }
    List<Tensor> tensors = new ArrayList<>();
    for (var column : columns.entrySet()) {
      String name = column.getKey();
      tensors.add(ModelInputs.of(name, json, () -> column.getValue().tensor(json, name)));
    }
    return new Prediction(tensors, OptionalInt.of(rows));
  }

  private void add(JsonParser json) throws IOException {
    boolean object = inputs.named(json);
    if (rows == 0) {
      named = object;
    } else if (named != object) {
      throw new BadJson(
          "\"%s\" is uneven: some have their inputs by name, others do not".formatted(field), json);
    }
    if (!object) {
      addTo(inputs.only(json).name(), json);
      return;
    }
    while (json.currentToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      addTo(name, json);
      json.nextToken();
    }
    for (String name : context.names()) {
      DataReader column = columns.get(name);
      if (column == null || column.rows() == rows) {
        addTo(name, context.next(name));
      }
    }
    if (columns.values().stream().anyMatch(column -> column.rows() == rows)) {
      throw uneven(having(rows + 1), json);
    }
  }

  private void addTo(String name, JsonParser json) throws IOException {
    DataReader column = columns.get(name);
    if (column == null) {
      TensorSpec spec = inputs.find(name, json);
      if (rows > 0) {
        throw uneven(List.of(name), json);
      }
      column = ModelInputs.reader(spec);
      columns.put(name, column);
    }
    DataReader found = column;
    ModelInputs.of(
        name,
        json,
        () -> {
          found.addRow(json);
          return found;
        });
  }

  private List<String> having(int count) {
    return columns.entrySet().stream()
        .filter(column -> column.getValue().rows() == count)
        .map(Map.Entry::getKey)
        .toList();
  }

  private BadJson uneven(List<String> other, JsonParser json) {
    return new BadJson(
        "\"%s\" is uneven: the first has the inputs %s, another one %s"
            .formatted(field, List.copyOf(columns.keySet()), other),
        json);
  }
}
