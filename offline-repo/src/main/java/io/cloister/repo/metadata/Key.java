package io.cloister.repo.metadata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A public key as metadata carries it (TUF 1.0.34 §4.2); it may be of a kind that this program
 * cannot use.
 *
 * @param keytype e.g. {@code ed25519}
 * @param scheme e.g. {@code ed25519}
 * @param publicValue for Ed25519 the raw 32 bytes as hexadecimal digits, else PEM; empty where a
 *     kind of key that this program does not know has no such text
 * @param unknown further fields, kept; {@code keyval} too where it has more than {@code public}
 */
public record Key(
    String keytype, String scheme, String publicValue, Map<String, JsonNode> unknown) {
  private static final int KEYS_MAX = 1024;

  public Key {
    unknown = Map.copyOf(unknown);
  }

  static Key parse(Fields key) throws JsonException {
    JsonNode keyval = key.object("keyval").node();
    JsonNode value = keyval.path("public");
    boolean plain = value.isTextual() && keyval.size() == 1;
    return new Key(
        key.text("keytype"),
        key.text("scheme"),
        value.isTextual() ? value.textValue() : "",
        key.unknown(plain ? Set.of("keytype", "scheme", "keyval") : Set.of("keytype", "scheme")));
  }

  /** Each under the id that its document gives it. */
  static Map<String, Key> parseAll(Fields keys) throws JsonException {
    Map<String, Key> byId = new LinkedHashMap<>();
    for (Map.Entry<String, Fields> key : keys.entries(KEYS_MAX).entrySet()) {
      byId.put(key.getKey(), parse(key.getValue()));
    }
    return byId;
  }

  ObjectNode encode() {
    ObjectNode key = JsonNodeFactory.instance.objectNode();
    key.put("keytype", keytype)
        .put("scheme", scheme)
        .putObject("keyval")
        .put("public", publicValue);
    unknown.forEach(key::set);
    return key;
  }

  /**
   * The usual key id: SHA-256 of the canonical form. Ids that documents give are labels only (TAP
   * 12; repositories in use keep an id when they add fields to a key), so keys are compared, never
   * ids.
   */
  public String id() {
    try {
      return Sha256.of(CanonicalJson.encode(encode())).hex();
    } catch (JsonException e) {
      throw new IllegalStateException("the key came from JSON", e);
    }
  }
}
