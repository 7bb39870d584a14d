package io.cloister.appliance.compat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.cloister.appliance.http.BadJson;
import io.cloister.appliance.http.JsonBody;
import io.cloister.appliance.http.JsonText;
import io.cloister.appliance.text.TokenList;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

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

  /** Reads one as it comes; the parser stands on the object. */
  static EmbeddingsRequest read(JsonParser json) throws IOException {
    String model = "";
    List<byte[]> texts = List.of();
    boolean base64 = false;
    OptionalInt dimensions = OptionalInt.empty();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      JsonToken value = json.nextToken();
      switch (field) {
        case "model" -> model = JsonText.shortText(json, field);
        case "input" -> texts = texts(json);
        case "encoding_format" -> base64 = value != JsonToken.VALUE_NULL && isBase64(json);
        case "dimensions" ->
            dimensions =
                value == JsonToken.VALUE_NULL ? OptionalInt.empty() : OptionalInt.of(count(json));
        case "user" -> json.skipChildren();
        default ->
            throw JsonBody.unknown(json, field, "model, input, encoding_format, dimensions, user");
      }
    }
    if (model.isEmpty()) {
      throw new BadJson("\"model\" is missing: the name of a text model", json);
    }
    if (texts.isEmpty()) {
      throw noInput("nothing", json);
    }
    return new EmbeddingsRequest(model, texts, base64, dimensions);
  }

  private static BadJson noInput(String found, JsonParser json) {
    return new BadJson(
        "\"input\" is a text, a list of token ids, or a list of 1 to %d of these, not %s"
            .formatted(TEXTS_MAX, found),
        json);
  }

  private static boolean isBase64(JsonParser json) throws IOException {
    String format = json.currentToken() == JsonToken.VALUE_STRING ? json.getText() : "";
    if (!List.of("float", "base64").contains(format)) {
      throw new BadJson(
          "\"encoding_format\" is \"float\" or \"base64\", not " + JsonBody.describe(json), json);
    }
    return format.equals("base64");
  }

  private static int count(JsonParser json) throws IOException {
    int count = JsonBody.count(json, "dimensions", Integer.MAX_VALUE);
    if (count == 0) {
      throw new BadJson("\"dimensions\" is a whole number from 1, not 0", json);
    }
    return count;
  }

  private static List<byte[]> texts(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      return List.of(text(json));
    }
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw noInput(JsonBody.describe(json), json);
    }
    if (json.nextToken().isNumeric()) {
      return List.of(tokens(json));
    }
    List<byte[]> texts = new ArrayList<>();
    while (json.currentToken() != JsonToken.END_ARRAY) {
      texts.add(textOrTokens(json));
      if (texts.size() > TEXTS_MAX) {
        throw noInput("a list of more", json);
      }
      json.nextToken();
    }
    if (texts.isEmpty()) {
      throw noInput("a list of 0", json);
    }
    return texts;
  }

  private static byte[] textOrTokens(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      return text(json);
    }
    if (json.currentToken() != JsonToken.START_ARRAY || json.nextToken() == JsonToken.END_ARRAY) {
      throw new BadJson("\"input\" has what is neither a text nor a list of token ids", json);
    }
    return tokens(json);
  }

  private static byte[] text(JsonParser json) throws IOException {
    byte[] text = JsonText.utf8(json);
    if (text.length == 0) {
      throw new BadJson("\"input\" has an empty text, which has no embedding", json);
    }
    return text;
  }

  /** Stands on the first. */
  private static byte[] tokens(JsonParser json) throws IOException {
    IntStream.Builder ids = IntStream.builder();
    while (json.currentToken() != JsonToken.END_ARRAY) {
      if (json.currentToken() != JsonToken.VALUE_NUMBER_INT
          || json.getNumberType() != JsonParser.NumberType.INT) {
        throw new BadJson(
            "\"input\" has a token that is no whole number: " + JsonBody.describe(json), json);
      }
      ids.accept(json.getIntValue());
      json.nextToken();
    }
    return TokenList.encode(ids.build().toArray());
  }
}
