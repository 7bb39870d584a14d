package io.cloister.repo.metadata;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Typed reading of one JSON object; a fault names the path of the value, e.g. {@code
 * files[3].length}.
 */
public final class Fields {
  /** TUF 1.0.34 §4.2.1: ISO 8601, UTC, whole seconds; one spelling only. */
  private static final Pattern TIME =
      Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z");

  private final JsonNode object;
  private final String path;

  private Fields(JsonNode object, String path) {
    this.object = object;
    this.path = path;
  }

  /** Of a whole document. */
  public static Fields of(JsonNode value) throws JsonException {
    return of(value, "");
  }

  private static Fields of(JsonNode value, String path) throws JsonException {
    if (!value.isObject()) {
      throw new JsonException((path.isEmpty() ? "the document" : path) + " is not an object");
    }
    return new Fields(value, path);
  }

  /** Where this object lies in its document. */
  public String path() {
    return path.isEmpty() ? "the document" : path;
  }

  public JsonNode node() {
    return object;
  }

  public boolean has(String name) {
    return object.has(name);
  }

  /** The field, whatever it is. */
  public JsonNode value(String name) throws JsonException {
    JsonNode value = object.get(name);
    if (value == null) {
      throw new JsonException(at(name) + " is missing");
    }
    return value;
  }

  public String text(String name) throws JsonException {
    JsonNode value = value(name);
    if (!value.isTextual()) {
      throw new JsonException(at(name) + " is not a string");
    }
    return value.textValue();
  }

  /** An integer within bounds, both included. */
  public long integer(String name, long min, long max) throws JsonException {
    JsonNode value = value(name);
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw new JsonException(at(name) + " is not a 64-bit integer");
    }
    long number = value.longValue();
    if (number < min || number > max) {
      throw new JsonException("%s is %d, allowed %d to %d".formatted(at(name), number, min, max));
    }
    return number;
  }

  public boolean truth(String name) throws JsonException {
    JsonNode value = value(name);
    if (!value.isBoolean()) {
      throw new JsonException(at(name) + " is not true or false");
    }
    return value.booleanValue();
  }

  /** UTC, whole seconds, e.g. {@code 2026-11-22T21:00:00Z}. */
  public Instant time(String name) throws JsonException {
    String text = text(name);
    try {
      // The pattern alone takes 24:00:00 and leap seconds, which others read otherwise or not.
      if (TIME.matcher(text).matches() && Instant.parse(text).toString().equals(text)) {
        return Instant.parse(text);
      }
    } catch (DateTimeException e) {
      // Falls through to the one message: month 13 is as wrong as a missing Z.
    }
    throw new JsonException(at(name) + " is not a time of the form 2026-01-31T00:00:00Z");
  }

  public Sha256 sha256(String name) throws JsonException {
    try {
      return new Sha256(text(name));
    } catch (IllegalArgumentException e) {
      throw new JsonException(at(name) + " is " + e.getMessage());
    }
  }

  public Fields object(String name) throws JsonException {
    return of(value(name), at(name));
  }

  public Optional<Fields> findObject(String name) throws JsonException {
    return has(name) ? Optional.of(object(name)) : Optional.empty();
  }

  /** The objects of an array. */
  public List<Fields> objects(String name, int countMax) throws JsonException {
    JsonNode array = array(name, countMax);
    List<Fields> objects = new ArrayList<>(array.size());
    for (JsonNode value : array) {
      objects.add(of(value, at(name) + "[" + objects.size() + "]"));
    }
    return objects;
  }

  /** The strings of an array. */
  public List<String> texts(String name, int countMax) throws JsonException {
    List<String> texts = new ArrayList<>();
    for (JsonNode value : array(name, countMax)) {
      if (!value.isTextual()) {
        throw new JsonException(at(name) + "[" + texts.size() + "] is not a string");
      }
      texts.add(value.textValue());
    }
    return texts;
  }

  /** The fields of this object, each an object itself. */
  public Map<String, Fields> entries(int countMax) throws JsonException {
    if (object.size() > countMax) {
      throw new JsonException(path() + " has more than " + countMax + " entries");
    }
    Map<String, Fields> entries = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      entries.put(field.getKey(), of(field.getValue(), at(field.getKey())));
    }
    return entries;
  }

  /** What is there beyond the known fields; kept, so that a newer writer's fields survive. */
  public Map<String, JsonNode> unknown(Set<String> known) {
    Map<String, JsonNode> unknown = new LinkedHashMap<>();
    object.properties().stream()
        .filter(field -> !known.contains(field.getKey()))
        .forEach(field -> unknown.put(field.getKey(), field.getValue()));
    return unknown;
  }

  private JsonNode array(String name, int countMax) throws JsonException {
    JsonNode array = value(name);
    if (!array.isArray()) {
      throw new JsonException(at(name) + " is not an array");
    }
    if (array.size() > countMax) {
      throw new JsonException(at(name) + " has more than " + countMax + " entries");
    }
    return array;
  }

  private String at(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
