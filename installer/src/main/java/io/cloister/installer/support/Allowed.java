package io.cloister.installer.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What of a document may leave the machine: an allow-list of keys, and for each the form of its
 * value. A key that is not listed is left out with its name; a value of another form is replaced.
 */
sealed interface Allowed {
  record Fields(Map<String, Allowed> byKey) implements Allowed {}

  record Items(Allowed each) implements Allowed {}

  /** An object whose keys are names. */
  record Named(Pattern key, Allowed each) implements Allowed {}

  record Text(Pattern form) implements Allowed {}

  /** A text that others may choose, so that only these are let through. */
  record OneOf(Set<String> known) implements Allowed {
    public OneOf {
      known = Set.copyOf(known);
    }
  }

  record Digest(Pattern form) implements Allowed {}

  /** A number, a truth value or null. */
  record Scalar() implements Allowed {}

  record Reason() implements Allowed {}

  record Message() implements Allowed {}

  record Stack() implements Allowed {}

  /** The part of {@code tree} that may leave. */
  default JsonNode copy(JsonNode tree, Redactions redactions) {
    if (tree.isNull()) {
      return tree;
    }
    return switch (this) {
      case Fields fields when tree.isObject() -> copyFields(fields, tree, redactions);
      case Named named when tree.isObject() -> copyNamed(named, tree, redactions);
      case Items items when tree.isArray() -> {
        ArrayNode copy = JsonNodeFactory.instance.arrayNode();
        tree.forEach(item -> copy.add(items.each().copy(item, redactions)));
        yield copy;
      }
      case Digest digest when tree.isTextual() && matches(digest.form(), tree) -> tree;
      case Text text when tree.isTextual() && matches(text.form(), tree) ->
          TextNode.valueOf(Secrets.cut(tree.textValue(), redactions));
      case OneOf one when tree.isTextual() && one.known().contains(tree.textValue()) -> tree;
      case Scalar _ when tree.isNumber() || tree.isBoolean() -> tree;
      case Reason _ when tree.isTextual() ->
          TextNode.valueOf(Words.reason(tree.textValue(), redactions));
      case Message _ when tree.isTextual() ->
          TextNode.valueOf(Words.message(tree.textValue(), redactions));
      case Stack _ when tree.isTextual() ->
          TextNode.valueOf(StackTrace.redacted(tree.textValue(), redactions));
      case Fields _,
          Named _,
          Items _,
          Digest _,
          Text _,
          OneOf _,
          Scalar _,
          Reason _,
          Message _,
          Stack _ -> {
        redactions.count("unexpected_value");
        yield TextNode.valueOf("<redacted:unexpected_value>");
      }
    };
  }

  private static boolean matches(Pattern form, JsonNode tree) {
    return form.matcher(tree.textValue()).matches();
  }

  private static ObjectNode copyFields(Fields fields, JsonNode tree, Redactions redactions) {
    ObjectNode copy = JsonNodeFactory.instance.objectNode();
    fields
        .byKey()
        .forEach(
            (key, form) -> {
              if (tree.has(key)) {
                copy.set(key, form.copy(tree.get(key), redactions));
              }
            });
    for (int unlisted = tree.size() - copy.size(); unlisted > 0; unlisted--) {
      redactions.count("unlisted_key");
    }
    return copy;
  }

  private static ObjectNode copyNamed(Named named, JsonNode tree, Redactions redactions) {
    ObjectNode copy = JsonNodeFactory.instance.objectNode();
    tree.properties()
        .forEach(
            entry -> {
              if (named.key().matcher(entry.getKey()).matches()) {
                copy.set(entry.getKey(), named.each().copy(entry.getValue(), redactions));
              } else {
                redactions.count("unlisted_key");
              }
            });
    return copy;
  }
}
