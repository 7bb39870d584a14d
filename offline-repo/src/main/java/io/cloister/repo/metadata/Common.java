package io.cloister.repo.metadata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The fields of every role (TUF 1.0.34 §4.3).
 *
 * @param version 1 or more
 * @param expires UTC, whole seconds
 * @param signedAt our own signed field {@code signed_at}; absent in metadata of other tools
 * @param unknown fields that this program does not know, kept
 */
public record Common(
    String specVersion,
    long version,
    Instant expires,
    Optional<Instant> signedAt,
    Map<String, JsonNode> unknown) {
  /** What this program writes. */
  public static final String SPEC_VERSION = "1.0.34";

  private static final List<String> NAMES =
      List.of("_type", "spec_version", "version", "expires", "signed_at");

  public Common {
    unknown = Map.copyOf(unknown);
  }

  /** Of new metadata. */
  public static Common of(long version, Instant signedAt, Instant expires) {
    return new Common(SPEC_VERSION, version, expires, Optional.of(signedAt), Map.of());
  }

  static Common parse(Fields signed, String... more) throws JsonException {
    Set<String> known = new LinkedHashSet<>(NAMES);
    known.addAll(List.of(more));
    return new Common(
        signed.text("spec_version"),
        signed.integer("version", 1, Long.MAX_VALUE),
        signed.time("expires"),
        signed.has("signed_at") ? Optional.of(signed.time("signed_at")) : Optional.empty(),
        signed.unknown(known));
  }

  ObjectNode encode(RoleType type) {
    ObjectNode signed = JsonNodeFactory.instance.objectNode();
    unknown.forEach(signed::set);
    signed.put("_type", type.toString());
    signed.put("spec_version", specVersion);
    signed.put("version", version);
    signed.put("expires", expires.toString());
    signedAt.ifPresent(at -> signed.put("signed_at", at.toString()));
    return signed;
  }
}
