package io.cloister.appliance.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.cloister.appliance.config.SettingsRefused.Fault;
import java.util.List;
import java.util.Set;

/**
 * Reads the fields of one object of a document strictly: unknown fields are faults, wrong types and
 * values out of range are faults, and every fault is collected instead of ending the reading.
 *
 * @param path of the object in the document, empty at the top
 * @param faults collects; what a faulty field answers is only good for reading on
 */
public record Fields(String path, JsonNode object, List<Fault> faults) {

  /** The object itself is checked: null and missing mean an empty one. */
  public static Fields of(String path, JsonNode node, Set<String> known, List<Fault> faults) {
    // In YAML a key without a value reads as an empty text.
    boolean absent =
        node.isContainerNode() ? node.isEmpty() : node.asText().isEmpty() || node.isNull();
    if (!absent && !node.isObject()) {
      faults.add(new Fault(path.isEmpty() ? "(file)" : path, "is not a mapping"));
    }
    Fields fields = new Fields(path, node.isObject() ? node : MissingNode.getInstance(), faults);
    fields
        .object
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                faults.add(new Fault(fields.at(name), "is not a known key"));
              }
            });
    return fields;
  }

  public Fields child(String name, Set<String> known) {
    return of(at(name), object.path(name), known, faults);
  }

  public boolean has(String name) {
    return object.has(name);
  }

  public String text(String name, String absent) {
    JsonNode node = object.path(name);
    if (node.isMissingNode()) {
      return absent;
    }
    if (!node.isTextual() || node.textValue().isBlank()) {
      faults.add(new Fault(at(name), "is not a text: " + node));
      return absent;
    }
    return node.textValue();
  }

  /** A text that must be there. */
  public String text(String name) {
    if (!has(name)) {
      faults.add(new Fault(at(name), "is missing"));
    }
    return text(name, "");
  }

  public long whole(String name, long absent, long min, long max) {
    JsonNode node = object.path(name);
    if (node.isMissingNode()) {
      return absent;
    }
    if (!node.isIntegralNumber() || !node.canConvertToLong() || outside(node, min, max)) {
      faults.add(
          new Fault(at(name), "is not a whole number from " + min + " to " + max + ": " + node));
      return absent;
    }
    return node.longValue();
  }

  private static boolean outside(JsonNode node, long min, long max) {
    return node.longValue() < min || node.longValue() > max;
  }

  public boolean flag(String name, boolean absent) {
    JsonNode node = object.path(name);
    if (node.isMissingNode()) {
      return absent;
    }
    if (!node.isBoolean()) {
      faults.add(new Fault(at(name), "is neither true nor false: " + node));
    }
    return node.booleanValue();
  }

  /** A text that must be one of a few. */
  public void only(String name, Set<String> allowed) {
    String value = text(name);
    if (!value.isEmpty() && !allowed.contains(value)) {
      faults.add(new Fault(at(name), "is not one of " + allowed + ": " + value));
    }
  }

  public String at(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
