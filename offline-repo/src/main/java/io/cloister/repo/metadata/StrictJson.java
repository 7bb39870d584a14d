package io.cloister.repo.metadata;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Parses JSON (RFC 8259) that an attacker may have written: UTF-8 only, no duplicate keys, nothing
 * after the value, depth and number lengths capped. The caller caps the size.
 */
public final class StrictJson {
  private static final int DEPTH_MAX = 32;
  private static final int NUMBER_CHARACTERS_MAX = 20;
  private static final JsonMapper MAPPER = mapper();

  private StrictJson() {}

  /** The value. */
  public static JsonNode parse(byte[] bytes) throws JsonException {
    try {
      JsonNode node = MAPPER.readTree(decode(bytes));
      if (node.isMissingNode()) {
        throw new JsonException("empty");
      }
      return node;
    } catch (JsonProcessingException e) {
      throw new JsonException(message(e));
    }
  }

  /** Jackson itself would guess UTF-16 and UTF-32, and let malformed UTF-8 pass in places. */
  private static String decode(byte[] bytes) throws JsonException {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes))
          .toString();
    } catch (CharacterCodingException e) {
      throw new JsonException("not UTF-8");
    }
  }

  private static String message(JsonProcessingException fault) {
    String words = fault.getOriginalMessage();
    words = words.length() <= 160 ? words : words.substring(0, 160) + "…";
    return fault.getLocation() == null
        ? words
        : "line %d, column %d: %s"
            .formatted(fault.getLocation().getLineNr(), fault.getLocation().getColumnNr(), words);
  }

  private static JsonMapper mapper() {
    StreamReadConstraints constraints =
        StreamReadConstraints.builder()
            .maxNestingDepth(DEPTH_MAX)
            .maxNumberLength(NUMBER_CHARACTERS_MAX)
            .build();
    JsonFactoryBuilder factory = new JsonFactoryBuilder();
    factory.streamReadConstraints(constraints);
    factory.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION);
    return JsonMapper.builder(factory.build())
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .build();
  }
}
