package io.cloister.appliance.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import io.cloister.appliance.tensor.BytesTensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** How JSON of requests and answers is read (strictly) and written. */
public final class JsonText {
  private static final int DEPTH_MAX = 32;
  private static final int NUMBER_CHARS_MAX = 100;
  private static final int NAME_CHARS_MAX = 1_000;

  /** RFC 8259 as it stands: NaN, comments, single quotes and duplicate keys are errors. */
  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEPTH_MAX)
                  .maxNumberLength(NUMBER_CHARS_MAX)
                  .maxNameLength(NAME_CHARS_MAX)
                  .maxStringLength(Integer.MAX_VALUE) // the body's limit bounds it
                  .build())
          .build();

  private JsonText() {}

  /** Reads UTF-8 and nothing else: Jackson by itself takes overlong forms, and other encodings. */
  static JsonParser parser(InputStream utf8) throws IOException {
    return FACTORY.createParser(new InputStreamReader(utf8, StandardCharsets.UTF_8.newDecoder()));
  }

  /** The value of a field that answers repeat. */
  public static String shortText(JsonParser json, String field) throws IOException {
    JsonBody.expect(json, JsonToken.VALUE_STRING, "a text in \"" + field + "\"");
    if (json.getTextLength() > NAME_CHARS_MAX) {
      throw new BadJson(
          "the text in \"%s\" is longer than %d characters".formatted(field, NAME_CHARS_MAX), json);
    }
    return json.getText();
  }

  /** The text that the parser stands on; half of a surrogate pair is none. */
  public static byte[] utf8(JsonParser json) throws IOException {
    return BytesTensor.utf8(json.getText())
        .orElseThrow(() -> new BadJson("a text holds half of a surrogate pair", json));
  }

  /** What writes one value. */
  @FunctionalInterface
  public interface Content {
    void write(JsonGenerator json) throws IOException;
  }

  /** The UTF-8 bytes of one object, whose fields that writes. */
  public static byte[] object(Content fields) {
    return value(inObject(fields));
  }

  /** One object likewise, of an answer that may be long. */
  public static void object(AnswerBytes answer, Content fields) {
    write(answer, inObject(fields));
  }

  private static Content inObject(Content fields) {
    return json -> {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    };
  }

  /** The UTF-8 bytes of one array, whose elements that writes. */
  public static byte[] array(Content elements) {
    return value(
        json -> {
          json.writeStartArray();
          elements.write(json);
          json.writeEndArray();
        });
  }

  private static byte[] value(Content value) {
    try (ByteArrayBuilder bytes = new ByteArrayBuilder()) {
      write(bytes, value);
      return bytes.toByteArray();
    }
  }

  private static void write(OutputStream bytes, Content value) {
    try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
      value.write(json);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
  }
}
