package io.cloister.appliance.observe;

import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import io.cloister.appliance.http.JsonText;
import org.jspecify.annotations.Nullable;

/**
 * One line of a log. All but printable ASCII is escaped: a name that a caller chose could turn a
 * terminal's text around, or write over it.
 */
final class JsonLine {
  private static final int ASCII_MAX = 127;
  private static final CharacterEscapes ESCAPES = new Escapes();

  private JsonLine() {}

  /** Without its end. */
  static byte[] of(JsonText.Content fields) {
    return JsonText.object(
        json -> {
          json.setHighestNonEscapedChar(ASCII_MAX);
          json.setCharacterEscapes(ESCAPES);
          fields.write(json);
        });
  }

  /** JSON's own, and DEL. */
  private static final class Escapes extends CharacterEscapes {
    private static final long serialVersionUID = 1;
    private final int[] ascii = standardAsciiEscapesForJSON();

    Escapes() {
      ascii[ASCII_MAX] = ESCAPE_STANDARD;
    }

    @Override
    public int[] getEscapeCodesForAscii() {
      return ascii;
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int character) {
      return null;
    }
  }
}
