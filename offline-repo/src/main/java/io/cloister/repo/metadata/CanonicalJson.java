package io.cloister.repo.metadata;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Canonical JSON as TUF signs it (OLPC, <a href="http://wiki.laptop.org/go/Canonical_JSON">
 * Canonical_JSON</a>): no white space, keys in code point order, strings raw but for {@code "} and
 * {@code \}, integers only.
 */
public final class CanonicalJson {
  /** UTF-16 order, Java's own, differs from code point order beyond U+FFFF. */
  private static final Comparator<String> CODE_POINTS =
      (a, b) -> CharSequence.compare(order(a), order(b));

  private final StringBuilder text = new StringBuilder();

  private CanonicalJson() {}

  /** The canonical form. */
  public static byte[] encode(JsonNode value) throws JsonException {
    CanonicalJson form = new CanonicalJson();
    form.append(value);
    return utf8(form.text);
  }

  /** Of a document that this program made itself, which always has one. */
  public static byte[] encodeOwn(JsonNode document) {
    try {
      return encode(document);
    } catch (JsonException e) {
      throw new IllegalStateException("a document of ours has no canonical form", e);
    }
  }

  /**
   * The same text as JSON that parsers take (RFC 8259 §7): the canonical form has control
   * characters raw, such as the line breaks of PEM. It has none between its strings, so escaping
   * all will do.
   */
  public static byte[] escaped(byte[] canonical) {
    ByteArrayOutputStream escaped = new ByteArrayOutputStream(canonical.length);
    for (byte each : canonical) {
      if (each < 0 || each >= ' ') {
        escaped.write(each);
      } else {
        String escape = each == '\n' ? "\\n" : "\\u%04x".formatted(each);
        escaped.writeBytes(escape.getBytes(StandardCharsets.US_ASCII));
      }
    }
    return escaped.toByteArray();
  }

  private void append(JsonNode value) throws JsonException {
    switch (value.getNodeType()) {
      case OBJECT -> appendObject(value);
      case ARRAY -> appendArray(value);
      case STRING -> appendString(value.textValue());
      case NUMBER -> appendNumber(value);
      case BOOLEAN, NULL -> text.append(value.asText());
      case BINARY, MISSING, POJO -> throw new JsonException("not JSON: " + value.getNodeType());
    }
  }

  private void appendObject(JsonNode object) throws JsonException {
    List<Map.Entry<String, JsonNode>> fields = new ArrayList<>(object.properties());
    fields.sort(Map.Entry.comparingByKey(CODE_POINTS));
    text.append('{');
    for (Iterator<Map.Entry<String, JsonNode>> next = fields.iterator(); next.hasNext(); ) {
      Map.Entry<String, JsonNode> field = next.next();
      appendString(field.getKey());
      text.append(':');
      append(field.getValue());
      text.append(next.hasNext() ? "," : "");
    }
    text.append('}');
  }

  private void appendArray(JsonNode array) throws JsonException {
    text.append('[');
    for (Iterator<JsonNode> next = array.iterator(); next.hasNext(); ) {
      append(next.next());
      text.append(next.hasNext() ? "," : "");
    }
    text.append(']');
  }

  private void appendString(String value) {
    text.append('"').append(value.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
  }

  private void appendNumber(JsonNode number) throws JsonException {
    if (!number.isIntegralNumber() || !number.canConvertToLong()) {
      throw new JsonException("not a 64-bit integer: " + number.asText());
    }
    text.append(number.longValue());
  }

  /** Lifts surrogates above U+E000–U+FFFF, so that comparing UTF-16 units compares code points. */
  private static CharSequence order(String key) {
    StringBuilder lifted = new StringBuilder(key);
    for (int i = 0; i < lifted.length(); i++) {
      char unit = lifted.charAt(i);
      if (unit >= '\uE000') {
        lifted.setCharAt(i, (char) (unit - 0x800));
      } else if (Character.isSurrogate(unit)) {
        lifted.setCharAt(i, (char) (unit + 0x2000));
      }
    }
    return lifted;
  }

  /** A lone surrogate has no UTF-8 form; replacing it would make two documents one. */
  private static byte[] utf8(CharSequence text) throws JsonException {
    try {
      ByteBuffer bytes =
          StandardCharsets.UTF_8
              .newEncoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .encode(CharBuffer.wrap(text));
      ByteArrayOutputStream copy = new ByteArrayOutputStream(bytes.remaining());
      copy.write(bytes.array(), bytes.arrayOffset(), bytes.remaining());
      return copy.toByteArray();
    } catch (CharacterCodingException e) {
      throw new JsonException("a string holds half of a surrogate pair");
    }
  }
}
