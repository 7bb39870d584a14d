package io.cloister.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.appliance.config.Documents;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A request for more texts than one run takes, while another version of the model comes. */
class EmbeddingVersionsTest {
  private static final String TEXTS = String.join(",", Collections.nCopies(2048, "\"x\""));

  /** Which versions made the vectors of one answer: only those of the first have the length 1. */
  private static Set<Boolean> versions(RunningAppliance appliance) throws Exception {
    HttpResponse<String> answer =
        appliance.post(
            appliance.inference("/v1/embeddings"),
            "{\"model\": \"minilm\", \"input\": [" + TEXTS + "]}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    Set<Boolean> found = new HashSet<>();
    JsonNode data = Documents.parseJson(answer.body().getBytes(StandardCharsets.UTF_8));
    for (JsonNode row : data.path("data")) {
      double squares = 0;
      for (JsonNode value : row.path("embedding")) {
        squares += value.asDouble() * value.asDouble();
      }
      found.add(Math.abs(squares - 1) < 1e-3);
    }
    return found;
  }

  @Test
  void anAnswerIsOfOneVersionWheneverTheOtherComes(@TempDir Path folder) throws Exception {
    InstalledRoot root = new InstalledRoot(folder);
    root.addMiniLm("minilm", "1.0.0", true);
    root.deploy();
    try (RunningAppliance appliance = new RunningAppliance(root).settled()) {
      assertThat(versions(appliance)).containsExactly(true);
      root.clear();
      root.addMiniLm("minilm", "2.0.0", false);
      root.deploy();
      CompletableFuture<String> applied = new CompletableFuture<>();
      Thread.ofVirtual().start(() -> apply(appliance, applied));
      boolean first = true;
      while (first) {
        Set<Boolean> one = versions(appliance);
        assertThat(one).hasSize(1);
        first = one.contains(true);
      }
      assertThat(applied.join()).contains("\"applied\":true");
    }
  }

  private static void apply(RunningAppliance appliance, CompletableFuture<String> applied) {
    try {
      applied.complete(appliance.operator("{\"do\":\"apply\"}"));
    } catch (Exception e) {
      applied.completeExceptionally(e);
    }
  }
}
