package io.cloister.appliance.compat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.appliance.text.TokenList;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The body of {@code POST /v1/embeddings} (OpenAI API reference, "Create embeddings").
 *
 * @param texts UTF-8, or {@link TokenList}s
 * @param base64 whether vectors are wanted as base64 of their little-endian 32-bit floats
 * @param dimensions wanted; the model's own when empty
 */
record EmbeddingsRequest(String model, List<byte[]> texts, boolean base64, OptionalInt dimensions) {
  /** As many as OpenAI takes. */
  private static final int TEXTS_MAX = 2048;

  private static final List<String> KNOWN =
      List.of("model", "input", "encoding_format", "dimensions", "user");

  static EmbeddingsRequest of(JsonNode body) {
    JsonTensors.check(body, KNOWN);
    if (!body.path("model").isTextual()) {
      throw JsonTensors.refused("\"model\" is missing: the name of a text model");
    }
    String format = body.path("encoding_format").asText("float");
    if (!List.of("float", "base64").contains(format)) {
      throw JsonTensors.refused(
          "\"encoding_format\" is \"float\" or \"base64\", not \"%s\"".formatted(format));
    }
    JsonNode dimensions = body.path("dimensions");
    if (!dimensions.isMissingNode()
        && (!dimensions.canConvertToInt() || dimensions.intValue() < 1)) {
      throw JsonTensors.refused("\"dimensions\" is a whole number from 1, not " + dimensions);
    }
    return new EmbeddingsRequest(
        body.path("model").textValue(),
        texts(body.path("input")),
        format.equals("base64"),
        dimensions.isMissingNode() ? OptionalInt.empty() : OptionalInt.of(dimensions.intValue()));
  }

  private static List<byte[]> texts(JsonNode input) {
    boolean one = input.isTextual() || input.path(0).isNumber();
    List<byte[]> texts = new ArrayList<>();
    if (one) {
      texts.add(text(input));
    } else if (input.isArray()) {
      input.forEach(each -> texts.add(text(each)));
    }
    if (texts.isEmpty() || texts.size() > TEXTS_MAX) {
      throw JsonTensors.refused(
          "\"input\" is a text, a list of token ids, or a list of 1 to %d of these, not %s"
              .formatted(TEXTS_MAX, input.isArray() ? "a list of " + input.size() : "this"));
    }
    return texts;
  }

  private static byte[] text(JsonNode text) {
    if (text.isTextual()) {
      if (text.textValue().isEmpty()) {
        throw JsonTensors.refused("\"input\" has an empty text, which has no embedding");
      }
      return text.textValue().getBytes(StandardCharsets.UTF_8);
    }
    if (!text.isArray() || text.isEmpty()) {
      throw JsonTensors.refused("\"input\" has what is neither a text nor a list of token ids");
    }
    int[] ids = new int[text.size()];
    for (int i = 0; i < ids.length; i++) {
      if (!text.get(i).canConvertToInt() || !text.get(i).isIntegralNumber()) {
        throw JsonTensors.refused("\"input\" has a token that is no whole number: " + text.get(i));
      }
      ids[i] = text.get(i).intValue();
    }
    return TokenList.encode(ids);
  }
}
