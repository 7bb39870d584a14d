package io.cloister.appliance.inference;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.appliance.config.Documents;
import io.cloister.appliance.tensor.Shape;
import io.cloister.appliance.tensor.Tensor;
import io.cloister.appliance.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.util.stream.IntStream;

/** The handwritten digits of the test resources: 64 grey values each, and what digit it is. */
final class Rows {
  static final String DIVIDE =
      golden(int64("a", "[1]", "7") + "," + int64("b", "[1]", "2"), int64("quotient", "[1]", "3"));
  static final String ECHO =
      golden(
          "{\"name\":\"in\",\"datatype\":\"BYTES\",\"shape\":[1],\"data\":[\"Grüße\"]}",
          "{\"name\":\"out\",\"datatype\":\"BYTES\",\"shape\":[1],\"data\":[\"Grüße\"]}");
  static final String LOOP =
      golden(
          int64("trips", "[]", "5") + "," + int64("start", "[]", "1"), int64("count", "[]", "6"));

  private final JsonNode cases;

  Rows() throws IOException {
    byte[] json = Files.readAllBytes(StoreFixture.resource("digits_golden.json"));
    this.cases = Documents.parseJson(json).path("cases");
  }

  int count() {
    return cases.size();
  }

  Tensor pixels(int row) {
    float[] pixels = new float[64];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) cases.path(row).path("x").path(i).doubleValue();
    }
    return Tensors.fp32("pixels", Shape.of(1, 64), pixels);
  }

  long digit(int row) {
    return cases.path(row).path("y").longValue();
  }

  /** Golden rows that state the true digit of each of these rows. */
  String golden(int... rows) {
    return file(
        "",
        IntStream.of(rows)
            .mapToObj(row -> row(row, "\"outputs\":[" + label(digit(row)) + "],\"tolerance\":0.01"))
            .toArray(String[]::new));
  }

  /** A golden row that asks for that digit. */
  String row(int row, String further) {
    return "{\"inputs\":[{\"name\":\"pixels\",\"datatype\":\"FP32\",\"shape\":[1,64],\"data\":"
        + cases.path(row).path("x")
        + "}],"
        + further
        + "}";
  }

  /** A golden row that only knows which digit it truly is. */
  String labelled(int row) {
    return row(row, "\"label\":" + label(digit(row)));
  }

  static String label(long digit) {
    return int64("label", "[1]", Long.toString(digit));
  }

  /** A golden row of the model that divides. */
  static String quotient(long a, long b, long quotient) {
    return "{\"inputs\":[%s,%s],\"outputs\":[%s]}"
        .formatted(
            int64("a", "[1]", Long.toString(a)),
            int64("b", "[1]", Long.toString(b)),
            int64("quotient", "[1]", Long.toString(quotient)));
  }

  /** A golden.json with these rows, and these fields beside them. */
  static String file(String fields, String... rows) {
    return "{" + fields + "\"rows\":[" + String.join(",", rows) + "]}";
  }

  static String golden(String inputs, String outputs) {
    return "{\"rows\":[{\"inputs\":[" + inputs + "],\"outputs\":[" + outputs + "]}]}";
  }

  static String int64(String name, String shape, String values) {
    return "{\"name\":\"%s\",\"datatype\":\"INT64\",\"shape\":%s,\"data\":[%s]}"
        .formatted(name, shape, values);
  }
}
