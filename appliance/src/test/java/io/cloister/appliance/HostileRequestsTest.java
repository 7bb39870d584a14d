package io.cloister.appliance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests that were changed at random, from a seed: each is answered, none is a defect, and the
 * appliance serves afterwards. {@code -Drequests=N -Dseed=S} sends others.
 */
class HostileRequestsTest {
  private static final int REQUESTS = Integer.getInteger("requests", 1000);
  private static final long SEED = Long.getLong("seed", 7);

  /** What parsers stumble over. */
  private static final List<String> TOKENS =
      List.of(
          "{",
          "}",
          "[",
          "]",
          "\"",
          ",",
          ":",
          "null",
          "NaN",
          "-Infinity",
          "1e400",
          "-1",
          "\\ud800",
          "9223372036854775808",
          "\"parameters\":{\"binary_data_size\":2147483647},",
          "\u0000",
          "\u202E",
          "\r\n",
          "..",
          "\"shape\":[4294967296,4294967296],",
          "[[[[[[[[[[[[[[[[[[[[[[[");

  /**
   * @param jsonBytes length of the JSON before the tensors, where it is told
   */
  @SuppressWarnings("ArrayRecordComponent") // Passed on once, never compared.
  private record Seed(String path, byte[] body, OptionalInt jsonBytes) {}

  private final Random random = new Random(SEED);

  private static Seed json(String path, String body) {
    return new Seed(path, body.replace('`', '"').getBytes(UTF_8), OptionalInt.empty());
  }

  private static Seed binary() {
    byte[] json =
        """
        {"parameters": {"binary_data_output": true}, "inputs": [{"name": "in", "shape": [2],
          "datatype": "BYTES", "parameters": {"binary_data_size": 12}}]}"""
            .getBytes(UTF_8);
    ByteBuffer all = ByteBuffer.allocate(json.length + 12).order(ByteOrder.LITTLE_ENDIAN);
    all.put(json).putInt(3).put("abc".getBytes(UTF_8)).putInt(1).put((byte) 'd');
    return new Seed("/v2/models/echo/infer", all.array(), OptionalInt.of(json.length));
  }

  private static List<Seed> seeds() {
    String infer =
        "{`id`: `7`, `inputs`: [{`name`: `in`, `shape`: [2], `datatype`: `BYTES`,"
            + " `data`: [`a`, `b`]}], `outputs`: [{`name`: `out`}], `parameters`: {`priority`: 3}}";
    return List.of(
        json("/v2/models/echo/infer", infer),
        binary(),
        json("/v1/models/echo:predict", "{`instances`: [{`in`: `a`}, {`in`: {`b64`: `YQ==`}}]}"),
        json("/v1/models/echo:predict", "{`signature_name`: `serving_default`, `inputs`: [`x`]}"),
        json("/v1/models/echo:classify", "{`examples`: [{`in`: `a`}], `context`: {`in`: `b`}}"),
        json("/v1/embeddings", "{`model`: `echo`, `input`: [[1, 2], `a`], `dimensions`: 3}"),
        json("/v2/repository/index", "{`ready`: true}"));
  }

  private byte[] mutated(byte[] body) {
    byte[] now = body.clone();
    for (int i = random.nextInt(4); i >= 0; i--) {
      now = mutatedOnce(now);
    }
    return now;
  }

  private byte[] mutatedOnce(byte[] body) {
    int at = random.nextInt(body.length + 1);
    int to = at + random.nextInt(body.length - at + 1);
    var out = new ByteArrayOutputStream();
    out.write(body, 0, at);
    switch (random.nextInt(5)) {
      case 0 -> out.write(random.nextInt(256));
      case 1 -> out.writeBytes(TOKENS.get(random.nextInt(TOKENS.size())).getBytes(UTF_8));
      case 2 -> out.writeBytes(Arrays.copyOfRange(body, at, to));
      case 3 -> {
        return out.toByteArray();
      }
      default -> {
        out.write(body, to, body.length - to);
        return out.toByteArray();
      }
    }
    out.write(body, at, body.length - at);
    return out.toByteArray();
  }

  private HttpRequest.Builder request(RunningAppliance appliance, Seed seed) {
    HttpRequest.Builder request =
        appliance
            .request(appliance.inference(seed.path()))
            .header("Authorization", "Bearer " + appliance.token())
            .POST(BodyPublishers.ofByteArray(mutated(seed.body())));
    if (seed.jsonBytes().isPresent()) {
      int length = seed.jsonBytes().getAsInt() + random.nextInt(9) / 8 * random.nextInt(-99, 99);
      request.header("Inference-Header-Content-Length", String.valueOf(length));
    }
    if (random.nextInt(20) == 0) {
      request.header("Content-Encoding", random.nextBoolean() ? "gzip" : "deflate");
    }
    return request;
  }

  @Test
  void whateverIsSentIsAnsweredAndIsNoDefect(@TempDir Path folder) throws Exception {
    InstalledRoot root = new InstalledRoot(folder);
    root.settings("65536", 64, 30);
    root.add("echo", "1.0.0", "echo-text.onnx", ModelRows.ECHO);
    root.deploy();
    List<Seed> seeds = seeds();
    try (RunningAppliance appliance = new RunningAppliance(root).settled()) {
      int answered = 0;
      for (int i = 0; i < REQUESTS; i++) {
        Seed seed = seeds.get(random.nextInt(seeds.size()));
        HttpResponse<String> answer = appliance.send(request(appliance, seed));
        assertThat(answer.statusCode())
            .as("request %d of seed %d: %s", i, SEED, answer.body())
            .isLessThan(500);
        answered += answer.statusCode() == 200 ? 1 : 0;
      }
      assertThat(answered).as("some still make sense").isPositive();
      assertThat(appliance.log()).doesNotContain("ended in a defect");
      HttpResponse<String> well =
          appliance.infer("echo", new String(seeds.getFirst().body(), UTF_8));
      assertThat(well.statusCode()).as(well.body()).isEqualTo(200);
    }
  }
}
