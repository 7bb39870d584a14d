package io.cloister.appliance.http;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.helidon.http.HttpException;
import io.helidon.http.Status;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON of a request strictly: what is not understood is refused with 400, with its line
 * and column.
 */
public final class JsonBody {
  /** Where Jackson thinks an array began; the line and column at the end say enough. */
  private static final Pattern INNER_LOCATION =
      Pattern.compile(" \\((?:for \\w+ starting|start marker) at .*?\\]\\)");

  private JsonBody() {}

  /** Reads one value, of which the parser stands on the first token. */
  @FunctionalInterface
  public interface Content<T> {
    T read(JsonParser json) throws IOException;
  }

  /**
   * Reads an object to the end of the stream.
   *
   * @param what of which it is the JSON, for people
   * @param example of a body, shown where there is none
   */
  public static <T> T read(InputStream body, String what, String example, Content<T> content) {
    try (JsonParser json = JsonText.parser(body)) {
      if (json.nextToken() == null) {
        throw new BadJson("the body is empty; send " + example, json);
      }
      expect(json, JsonToken.START_OBJECT, "an object");
      T read = content.read(json);
      if (json.nextToken() != null) {
        throw new BadJson("the request goes on after its end", json);
      }
      return read;
    } catch (BadJson e) {
      throw bad(e.getMessage() + where(e.location()), e);
    } catch (JsonProcessingException e) {
      throw bad(
          "the body is not the JSON of "
              + what
              + ": "
              + INNER_LOCATION.matcher(e.getOriginalMessage()).replaceAll("")
              + where(e.getLocation()),
          e);
    } catch (CharacterCodingException e) {
      throw bad("the body is not UTF-8", e);
    } catch (IOException e) {
      throw bad("the body could not be read to its end", e);
    }
  }

  private static HttpException bad(String message, Exception cause) {
    return new HttpException(message, Status.BAD_REQUEST_400, cause, true);
  }

  /** A limit of the parser that is passed has no place. */
  private static String where(@Nullable JsonLocation location) {
    if (location == null) {
      return "";
    }
    return " (line %d, column %d)".formatted(location.getLineNr(), location.getColumnNr());
  }

  public static void expect(JsonParser json, JsonToken token, String what) throws IOException {
    if (json.currentToken() != token) {
      throw new BadJson("expected " + what + ", got " + describe(json), json);
    }
  }

  /** A token for people: the value when it is short. */
  public static String describe(JsonParser json) throws IOException {
    return switch (json.currentToken()) {
      case null -> "the end of the body";
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> json.getTextLength() > 40 ? "a long text" : '"' + json.getText() + '"';
      default -> json.getText();
    };
  }

  public static boolean bool(JsonParser json, String field) throws IOException {
    return switch (json.currentToken()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case null, default ->
          throw new BadJson(
              "expected true or false in \"" + field + "\", got " + describe(json), json);
    };
  }

  /** A whole number from 0 to {@code max}. */
  public static int count(JsonParser json, String field, int max) throws IOException {
    return (int) count(json, field, (long) max);
  }

  /** Likewise. */
  public static long count(JsonParser json, String field, long max) throws IOException {
    long found =
        json.currentToken() == JsonToken.VALUE_NUMBER_INT
                && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER
            ? json.getLongValue()
            : -1;
    if (found < 0 || found > max) {
      throw new BadJson(
          "expected a whole number from 0 to %d in \"%s\", got %s"
              .formatted(max, field, describe(json)),
          json);
    }
    return found;
  }

  public static BadJson unknown(JsonParser json, String field, String known) {
    return new BadJson("the field \"" + field + "\" is not known here; known: " + known, json);
  }
}
