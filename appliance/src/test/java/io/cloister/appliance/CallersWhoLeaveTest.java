package io.cloister.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Callers over REST who do not wait for their answer. */
class CallersWhoLeaveTest {
  private static final String LABELS = "{model=\"loop\",version=\"1.0.0\"";
  private static final String PENDING = "nv_inference_pending_request_count" + LABELS + "} ";
  private static final String CANCELED =
      "nv_inference_request_failure" + LABELS + ",reason=\"CANCELED\"} ";
  private static final int QUEUE = 4;
  private static final int LONG = 500_000;

  /** A model that takes one request at a time. */
  private static InstalledRoot installed(Path folder) throws Exception {
    InstalledRoot root = new InstalledRoot(folder);
    root.settings("16777216", QUEUE, 600);
    Path files = root.folder("loop", "1.0.0");
    Files.copy(InstalledRoot.MODELS.resolve("loop.onnx"), files.resolve("model.onnx"));
    Files.writeString(
        files.resolve("model.yaml"),
        """
        format: 1
        graph: model.onnx
        session: {intra_op_threads: 64}
        limits: {request_seconds: 600}
        """);
    Files.writeString(files.resolve("golden.json"), ModelRows.LOOP);
    root.seal("loop", "1.0.0");
    root.deploy();
    return root;
  }

  private static String counting(int trips) {
    return """
        {"inputs":[{"name":"trips","datatype":"INT64","shape":[],"data":[%d]},
          {"name":"start","datatype":"INT64","shape":[],"data":[0]}]}"""
        .formatted(trips);
  }

  private static FutureTask<HttpResponse<String>> waiting(RunningAppliance appliance, int trips) {
    var answer = new FutureTask<>(() -> appliance.infer("loop", counting(trips)));
    Thread.ofVirtual().start(answer);
    return answer;
  }

  private static void await(RunningAppliance appliance, String sample) throws Exception {
    String seen = "";
    for (int i = 0; i < 1000 && !seen.contains(sample + "\n"); i++) {
      Thread.sleep(10);
      seen = appliance.get(appliance.console("/metrics")).body();
    }
    assertThat(seen).contains(sample + "\n");
  }

  @Test
  void givesTheirPlacesToThoseWhoStayWhileTheModelIsStillBusy(@TempDir Path folder)
      throws Exception {
    InstalledRoot root = installed(folder);
    try (RunningAppliance appliance = new RunningAppliance(root).settled()) {
      var running = waiting(appliance, LONG);
      var next = waiting(appliance, LONG);
      await(appliance, PENDING + 1);
      List<Socket> leaving = new ArrayList<>();
      while (leaving.size() < QUEUE - 1) {
        leaving.add(appliance.asking("/v2/models/loop/infer", counting(5)));
        await(appliance, PENDING + (1 + leaving.size()));
      }
      assertThat(appliance.infer("loop", counting(5)).statusCode()).isEqualTo(429);
      for (Socket each : leaving) {
        each.close();
      }
      await(appliance, CANCELED + leaving.size());
      assertThat(running.isDone() && next.isDone()).as("their turn had come").isFalse();
      assertThat(appliance.infer("loop", counting(5)).statusCode()).isEqualTo(200);
      assertThat(running.get().statusCode()).isEqualTo(200);
      assertThat(next.get().statusCode()).isEqualTo(200);
      appliance.awaitLog("\"status\":499");
    }
    assertThat(Files.readString(root.folders().accessLog().resolve("requests.0.0.log")))
        .contains("\"status\":499", "\"outcome\":\"caller_left\"");
  }
}
