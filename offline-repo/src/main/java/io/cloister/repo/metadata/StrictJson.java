package io.cloister.repo.metadata;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
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
  private static final JsonFactory METADATA = factory(20);
  private static final JsonFactory ANSWERS = factory(100);

  private StrictJson() {}

  /** The value. */
  public static JsonNode parse(byte[] bytes) throws JsonException {
    return parse(METADATA, bytes);
  }

  /** Likewise, of what a program of ours says, whose numbers may be measurements. */
  public static JsonNode parseAnswer(byte[] bytes) throws JsonException {
    return parse(ANSWERS, bytes);
  }

  private static JsonNode parse(JsonFactory factory, byte[] bytes) throws JsonException {
    try (JsonParser json = factory.createParser(decode(bytes))) {
      if (json.nextToken() == null) {
        throw new JsonException("empty");
      }
      JsonNode value = JsonTree.read(json);
      if (json.nextToken() != null) {
        throw new JsonException("something follows the value");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw new JsonException(message(e));
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
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

  private static JsonFactory factory(int numberCharactersMax) {
    StreamReadConstraints constraints =
        StreamReadConstraints.builder()
            .maxNestingDepth(DEPTH_MAX)
            .maxNumberLength(numberCharactersMax)
            .build();
    JsonFactoryBuilder factory = new JsonFactoryBuilder();
    factory.streamReadConstraints(constraints);
    factory.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION);
    return factory.build();
  }
}
