package io.cloister.appliance;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.appliance.config.Documents;
import java.io.IOException;
import java.nio.file.Files;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Golden rows of the models in the test resources. */
final class ModelRows {
  static final String DIVIDE =
      """
      {"rows":[{"inputs":[{"name":"a","datatype":"INT64","shape":[1],"data":[7]},
        {"name":"b","datatype":"INT64","shape":[1],"data":[2]}],
        "outputs":[{"name":"quotient","datatype":"INT64","shape":[1],"data":[3]}]}]}""";

  static final String ECHO =
      """
      {"rows":[{"inputs":[{"name":"in","datatype":"BYTES","shape":[1],"data":["a"]}],
        "outputs":[{"name":"out","datatype":"BYTES","shape":[1],"data":["a"]}]}]}""";

  /** As many of the smallest normal number as were asked for. */
  static final String FILL =
      """
      {"rows":[{"inputs":[{"name":"shape","datatype":"INT64","shape":[2],"data":[1,1]}],
        "outputs":[{"name":"y","datatype":"FP32","shape":[1,1],"data":[0]}],"tolerance":1}]}""";

  /** Counts to where it is told to. */
  static final String LOOP =
      """
      {"rows":[{"inputs":[{"name":"trips","datatype":"INT64","shape":[],"data":[5]},
        {"name":"start","datatype":"INT64","shape":[],"data":[1]}],
        "outputs":[{"name":"count","datatype":"INT64","shape":[],"data":[6]}]}]}""";

  static final String HELLO =
      """
      {"rows":[{"inputs":[{"name":"text","datatype":"BYTES","shape":[1],"data":["hello world"]}],
        "outputs":[{"name":"tokens","datatype":"INT64","shape":[1],"data":[4]}]}]}""";

  /** Of one length, so that they can be asked together. */
  static final String TWO_TEXTS =
      """
      {"rows":[{"inputs":[{"name":"text","datatype":"BYTES","shape":[1],"data":["hello world"]}],
        "outputs":[{"name":"tokens","datatype":"INT64","shape":[1],"data":[4]}]},
       {"inputs":[{"name":"text","datatype":"BYTES","shape":[1],"data":["small town"]}],
        "outputs":[{"name":"tokens","datatype":"INT64","shape":[1],"data":[4]}]}]}""";

  private ModelRows() {}

  static String digits() throws IOException {
    return digits(1);
  }

  /** With several rows it is shown that they may share a run. */
  static String digits(int rows) throws IOException {
    byte[] golden = Files.readAllBytes(InstalledRoot.MODELS.resolve("digits_golden.json"));
    JsonNode cases = Documents.parseJson(golden).path("cases");
    return IntStream.range(0, rows)
        .mapToObj(cases::path)
        .map(ModelRows::digit)
        .collect(Collectors.joining(",", "{\"rows\":[", "]}"));
  }

  private static String digit(JsonNode row) {
    return """
        {"inputs":[{"name":"pixels","datatype":"FP32","shape":[1,64],"data":%s}],
          "outputs":[{"name":"label","datatype":"INT64","shape":[1],"data":[%s]}],
          "tolerance":0.01}"""
        .formatted(row.path("x"), row.path("y"));
  }
}
