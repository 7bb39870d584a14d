package io.cloister.appliance.soak;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;

/** Requests of a model named {@code echo} that were changed at random, from a seed. */
public final class HostileRequests {
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

  /** A request that is right: OIP's JSON. */
  public static final String WELL =
      """
      {"id": "7", "inputs": [{"name": "in", "shape": [2], "datatype": "BYTES", "data": ["a", "b"]}],
       "outputs": [{"name": "out"}], "parameters": {"priority": 3}}""";

  /** One request; a POST. */
  @SuppressWarnings("ArrayRecordComponent") // Passed on once, never compared.
  public record Request(String path, Map<String, String> headers, byte[] body) {}

  /**
   * @param jsonBytes length of the JSON before the tensors, where it is told
   */
  @SuppressWarnings("ArrayRecordComponent") // Passed on once, never compared.
  private record Seed(String path, byte[] body, OptionalInt jsonBytes) {}

  private final Random random;
  private final List<Seed> seeds = seeds();

  public HostileRequests(long seed) {
    this.random = new Random(seed);
  }

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
    return List.of(
        json("/v2/models/echo/infer", WELL),
        binary(),
        json("/v1/models/echo:predict", "{`instances`: [{`in`: `a`}, {`in`: {`b64`: `YQ==`}}]}"),
        json("/v1/models/echo:predict", "{`signature_name`: `serving_default`, `inputs`: [`x`]}"),
        json("/v1/models/echo:classify", "{`examples`: [{`in`: `a`}], `context`: {`in`: `b`}}"),
        json("/v1/embeddings", "{`model`: `echo`, `input`: [[1, 2], `a`], `dimensions`: 3}"),
        json("/v2/repository/index", "{`ready`: true}"));
  }

  /** The next one. */
  public Request next() {
    Seed seed = seeds.get(random.nextInt(seeds.size()));
    Map<String, String> headers = new LinkedHashMap<>();
    if (seed.jsonBytes().isPresent()) {
      int length = seed.jsonBytes().getAsInt() + random.nextInt(9) / 8 * random.nextInt(-99, 99);
      headers.put("Inference-Header-Content-Length", String.valueOf(length));
    }
    if (random.nextInt(20) == 0) {
      headers.put("Content-Encoding", random.nextBoolean() ? "gzip" : "deflate");
    }
    return new Request(seed.path(), headers, mutated(seed.body()));
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
}
