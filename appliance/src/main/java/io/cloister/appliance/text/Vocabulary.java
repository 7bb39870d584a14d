package io.cloister.appliance.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Path;

/** The highest token id of a Hugging Face tokenizer.json. */
final class Vocabulary {
  private Vocabulary() {}

  /** Reads {@code model.vocab}, an object or a list, and {@code added_tokens}. */
  static long highestId(Path tokenizerJson) throws IOException {
    long highest = -1;
    try (JsonParser json = new JsonFactory().createParser(tokenizerJson.toFile())) {
      while (json.nextToken() != null) {
        if (json.currentToken() == JsonToken.FIELD_NAME) {
          highest = Math.max(highest, highest(json, json.currentName()));
        }
      }
    }
    return highest;
  }

  private static long highest(JsonParser json, String field) throws IOException {
    return switch (field) {
      case "vocab" -> highestOfVocabulary(json);
      case "id" -> json.nextToken() == JsonToken.VALUE_NUMBER_INT ? json.getLongValue() : -1;
      default -> -1;
    };
  }

  /** Ids by token, or [token, score] in the order of their ids. */
  private static long highestOfVocabulary(JsonParser json) throws IOException {
    JsonToken start = json.nextToken();
    long highest = -1;
    if (start == JsonToken.START_OBJECT) {
      while (json.nextToken() != JsonToken.END_OBJECT) {
        highest = json.nextToken().isNumeric() ? Math.max(highest, json.getLongValue()) : highest;
      }
    } else if (start == JsonToken.START_ARRAY) {
      while (json.nextToken() != JsonToken.END_ARRAY) {
        json.skipChildren();
        highest++;
      }
    }
    return highest;
  }
}
