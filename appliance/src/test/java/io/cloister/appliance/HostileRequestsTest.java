package io.cloister.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.appliance.soak.HostileRequests;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests that were changed at random, from a seed: each is answered, none is a defect, and the
 * appliance serves afterwards. {@code -Drequests=N -Dseed=S} sends others.
 */
class HostileRequestsTest {
  private static final int REQUESTS = Integer.getInteger("requests", 1000);
  private static final long SEED = Long.getLong("seed", 7);

  private static HttpRequest.Builder request(
      RunningAppliance appliance, HostileRequests.Request hostile) {
    HttpRequest.Builder request =
        appliance
            .request(appliance.inference(hostile.path()))
            .header("Authorization", "Bearer " + appliance.token())
            .POST(BodyPublishers.ofByteArray(hostile.body()));
    hostile.headers().forEach(request::header);
    return request;
  }

  @Test
  void whateverIsSentIsAnsweredAndIsNoDefect(@TempDir Path folder) throws Exception {
    InstalledRoot root = new InstalledRoot(folder);
    root.settings("65536", 64, 30);
    root.add("echo", "1.0.0", "echo-text.onnx", ModelRows.ECHO);
    root.deploy();
    HostileRequests hostile = new HostileRequests(SEED);
    try (RunningAppliance appliance = new RunningAppliance(root).settled()) {
      int answered = 0;
      for (int i = 0; i < REQUESTS; i++) {
        HttpResponse<String> answer = appliance.send(request(appliance, hostile.next()));
        assertThat(answer.statusCode())
            .as("request %d of seed %d: %s", i, SEED, answer.body())
            .isLessThan(500);
        answered += answer.statusCode() == 200 ? 1 : 0;
      }
      assertThat(answered).as("some still make sense").isPositive();
      assertThat(appliance.log()).doesNotContain("ended in a defect");
      HttpResponse<String> well = appliance.infer("echo", HostileRequests.WELL);
      assertThat(well.statusCode()).as(well.body()).isEqualTo(200);
    }
  }
}
