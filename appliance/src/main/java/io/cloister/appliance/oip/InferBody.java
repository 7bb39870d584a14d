package io.cloister.appliance.oip;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.cloister.appliance.tensor.Tensor;
import io.helidon.http.HttpException;
import io.helidon.http.Status;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The body of an inference request (OIP v2, "Inference Request JSON Object").
 *
 * @param id echoed in the answer
 * @param outputs the names wanted; all when empty
 */
record InferBody(Optional<String> id, List<Tensor> inputs, List<String> outputs) {

  /** Where Jackson thinks an array began; the line and column at the end say enough. */
  private static final Pattern INNER_LOCATION =
      Pattern.compile(" \\((?:for \\w+ starting|start marker) at .*?\\]\\)");

  /** Reads one strictly: anything not understood is refused, with its line and column. */
  static InferBody read(InputStream body) {
    try (JsonParser json = JsonText.parser(body)) {
      InferBody read = new Reader(json).read();
      if (json.nextToken() != null) {
        throw new BadJson("the request goes on after its end", json);
      }
      return read;
    } catch (BadJson e) {
      throw bad(e.getMessage() + where(e.location), e);
    } catch (JsonProcessingException e) {
      throw bad(
          "the body is not the JSON of an inference request: "
              + INNER_LOCATION.matcher(e.getOriginalMessage()).replaceAll("")
              + where(e.getLocation()),
          e);
    } catch (CharacterCodingException e) {
      throw bad("the body is not UTF-8", e);
    } catch (IOException e) {
      throw bad("the body could not be read to its end", e);
    }
  }

  /** About how much Java heap it keeps. */
  long heapBytes() {
    return inputs.stream().mapToLong(Tensor::heapBytes).sum();
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

  /** Well-formed JSON that is not what is expected at this place. */
  static final class BadJson extends IOException {
    private static final long serialVersionUID = 1;

    private final transient JsonLocation location;

    BadJson(String message, JsonParser json) {
      super(message);
      this.location = json.currentTokenLocation();
    }
  }

  private static final class Reader {
    private final JsonParser json;
    private Optional<String> id = Optional.empty();
    private final List<Tensor> inputs = new ArrayList<>();
    private final List<String> outputs = new ArrayList<>();

    Reader(JsonParser json) {
      this.json = json;
    }

    InferBody read() throws IOException {
      if (json.nextToken() == null) {
        throw new BadJson("the body is empty; send {\"inputs\": […]}", json);
      }
      expect(JsonToken.START_OBJECT, "an object");
      boolean inputsSeen = false;
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "id" -> id = Optional.of(JsonText.shortText(json, "id"));
          case "inputs" -> {
            inputsSeen = true;
            readInputs();
          }
          case "outputs" -> readOutputs();
          case "parameters" -> skipObject(field);
          default -> throw unknown(field, "id, inputs, outputs, parameters");
        }
      }
      if (!inputsSeen) {
        throw new BadJson("the request has no \"inputs\"", json);
      }
      return new InferBody(id, List.copyOf(inputs), List.copyOf(outputs));
    }

    private void readInputs() throws IOException {
      expect(JsonToken.START_ARRAY, "an array of inputs");
      while (json.nextToken() != JsonToken.END_ARRAY) {
        expect(JsonToken.START_OBJECT, "an input, which is an object");
        inputs.add(new TensorReader(json).read());
      }
    }

    private void readOutputs() throws IOException {
      expect(JsonToken.START_ARRAY, "an array of outputs");
      while (json.nextToken() != JsonToken.END_ARRAY) {
        expect(JsonToken.START_OBJECT, "an output, which is an object");
        int named = outputs.size();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          String field = json.currentName();
          json.nextToken();
          switch (field) {
            case "name" -> outputs.add(JsonText.shortText(json, "name"));
            case "parameters" -> skipObject(field);
            default -> throw unknown(field, "name, parameters");
          }
        }
        if (outputs.size() == named) {
          throw new BadJson("an output has no \"name\"", json);
        }
      }
    }

    private void skipObject(String field) throws IOException {
      expect(JsonToken.START_OBJECT, "an object in \"" + field + "\"");
      json.skipChildren();
    }

    private void expect(JsonToken token, String what) throws IOException {
      InferBody.expect(json, token, what);
    }

    private BadJson unknown(String field, String known) {
      return new BadJson("the field \"" + field + "\" is not known here; known: " + known, json);
    }
  }

  static void expect(JsonParser json, JsonToken token, String what) throws IOException {
    if (json.currentToken() != token) {
      throw new BadJson("expected " + what + ", got " + describe(json), json);
    }
  }

  /** A token for people: the value when it is short. */
  static String describe(JsonParser json) throws IOException {
    return switch (json.currentToken()) {
      case null -> "the end of the body";
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> json.getTextLength() > 40 ? "a long text" : '"' + json.getText() + '"';
      default -> json.getText();
    };
  }
}
