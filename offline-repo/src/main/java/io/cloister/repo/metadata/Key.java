package io.cloister.repo.metadata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;

/**
 * A public key as metadata carries it (TUF 1.0.34 §4.2); it may be of a kind that this program
 * cannot use.
 *
 * @param keytype e.g. {@code ed25519}
 * @param scheme e.g. {@code ed25519}
 * @param publicValue for Ed25519 the raw 32 bytes as hexadecimal digits
 * @param unknown further fields, kept
 */
public record Key(
    String keytype, String scheme, String publicValue, Map<String, JsonNode> unknown) {
  public Key {
    unknown = Map.copyOf(unknown);
  }

  public static Key ed25519(String hex) {
    return new Key("ed25519", "ed25519", hex, Map.of());
  }

  static Key parse(Fields key) throws JsonException {
    return new Key(
        key.text("keytype"),
        key.text("scheme"),
        key.object("keyval").text("public"),
        key.unknown(Set.of("keytype", "scheme", "keyval")));
  }

  ObjectNode encode() {
    ObjectNode key = JsonNodeFactory.instance.objectNode();
    unknown.forEach(key::set);
    key.put("keytype", keytype)
        .put("scheme", scheme)
        .putObject("keyval")
        .put("public", publicValue);
    return key;
  }

  /** The usual key id: SHA-256 of the canonical form. */
  public String id() {
    try {
      return Sha256.of(CanonicalJson.encode(encode())).hex();
    } catch (JsonException e) {
      throw new IllegalStateException("the key came from JSON", e);
    }
  }

  /** What makes two keys the same key, whatever ids and further fields they have. */
  public Key identity() {
    return new Key(keytype, scheme, publicValue, Map.of());
  }
}
