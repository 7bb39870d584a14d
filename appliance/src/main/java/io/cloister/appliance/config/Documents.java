package io.cloister.appliance.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Parses JSON and YAML strictly: no duplicate keys, nothing after the end, bounded depth. */
public final class Documents {
  private static final int DEPTH_MAX = 32;
  private static final StreamReadConstraints CONSTRAINTS =
      StreamReadConstraints.builder().maxNestingDepth(DEPTH_MAX).build();
  private static final ObjectMapper JSON =
      strict(
          JsonFactory.builder()
              .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
              .streamReadConstraints(CONSTRAINTS)
              .build());
  private static final ObjectMapper YAML =
      strict(
          YAMLFactory.builder()
              .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
              .streamReadConstraints(CONSTRAINTS)
              .build());

  private Documents() {}

  private static ObjectMapper strict(JsonFactory factory) {
    return new ObjectMapper(factory).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  }

  /** {@link MissingNode} for an empty document. */
  public static JsonNode parseJson(byte[] bytes) throws IOException {
    return present(JSON.readTree(bytes));
  }

  /** To be read piece by piece, the pieces as trees if need be. */
  public static JsonParser json(byte[] bytes) throws IOException {
    JsonParser parser = JSON.createParser(bytes);
    parser.setCodec(JSON.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS));
    return parser;
  }

  /** {@link MissingNode} for an empty document. */
  public static JsonNode parseYaml(byte[] bytes) throws IOException {
    return present(YAML.readTree(bytes));
  }

  private static JsonNode present(JsonNode node) {
    return node == null ? MissingNode.getInstance() : node;
  }

  /** The whole file, which may not be longer than that. */
  public static byte[] read(Path file, int bytesMax) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(bytesMax);
      if (in.read() >= 0) {
        throw new IOException(file + " is longer than " + bytesMax + " bytes");
      }
      return bytes;
    }
  }
}
