package io.cloister.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.appliance.config.Documents;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The document for programs is true: each example is sent, and answered as it says. */
class OpenApiTest {
  private record Operation(String method, String path, JsonNode described) {
    /** With the examples in the place of the parameters. */
    String filledPath() {
      String filled = path;
      for (JsonNode parameter : described.path("parameters")) {
        String name = "{" + parameter.path("name").asText() + "}";
        filled = filled.replace(name, parameter.path("example").asText());
      }
      return filled;
    }

    JsonNode example(String of) {
      return described.at(of + "/content/application~1json/example");
    }
  }

  private static JsonNode json(String text) throws Exception {
    return Documents.parseJson(text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<Operation> operations(JsonNode document) {
    List<Operation> all = new ArrayList<>();
    for (var path : document.path("paths").properties()) {
      for (var operation : path.getValue().properties()) {
        String method = operation.getKey().toUpperCase(Locale.ROOT);
        all.add(new Operation(method, path.getKey(), operation.getValue()));
      }
    }
    return all;
  }

  private static HttpResponse<String> send(RunningAppliance appliance, Operation operation)
      throws Exception {
    HttpRequest.Builder request = appliance.request(appliance.inference(operation.filledPath()));
    if (operation.described().path("security").isMissingNode()) {
      request.header("Authorization", "Bearer " + appliance.token());
    }
    JsonNode body = operation.example("/requestBody");
    return appliance.send(
        request.method(
            operation.method(),
            body.isMissingNode()
                ? BodyPublishers.noBody()
                : BodyPublishers.ofString(body.toString())));
  }

  @Test
  void everyExampleIsAnsweredAsTheDocumentSays(@TempDir Path folder) throws Exception {
    InstalledRoot root = new InstalledRoot(folder);
    root.addMiniLm("all-minilm-l6-v2");
    root.add("digits", "1.1.0", "digits-1.1.0.onnx", ModelRows.digits());
    root.deploy();
    try (RunningAppliance appliance = new RunningAppliance(root).settled()) {
      var served =
          appliance.send(
              appliance
                  .request(appliance.inference("/openapi.json"))
                  .header("Accept-Encoding", "gzip")); // compressed are only a model's answers
      List<Operation> all = operations(json(served.body()));
      assertThat(all).hasSizeGreaterThan(20);
      for (Operation operation : all) {
        HttpResponse<String> answer = send(appliance, operation);
        assertThat(answer.statusCode())
            .as("%s %s: %s", operation.method(), operation.filledPath(), answer.body())
            .isEqualTo(200);
        JsonNode example = operation.example("/responses/200");
        JsonNode got = json(answer.body());
        example.fieldNames().forEachRemaining(field -> assertThat(got.has(field)).isTrue());
        if (!example.at("/outputs/0/data").isMissingNode()) {
          assertThat(got).as("the answer that is shown").isEqualTo(example);
        }
      }
    }
  }
}
