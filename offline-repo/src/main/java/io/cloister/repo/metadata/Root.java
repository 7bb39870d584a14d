package io.cloister.repo.metadata;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumMap;
import java.util.Map;

/**
 * Who may sign what (TUF 1.0.34 §4.3).
 *
 * @param keys by key id
 * @param roles one entry for each role
 */
public record Root(
    Common common, boolean consistentSnapshot, Map<String, Key> keys, Map<RoleType, RoleKeys> roles)
    implements Role {
  public Root {
    keys = Map.copyOf(keys);
    roles = Map.copyOf(roles);
  }

  static Root parse(Fields signed) throws JsonException {
    Map<String, Key> keys = Key.parseAll(signed.object("keys"));
    Fields named = signed.object("roles");
    Map<RoleType, RoleKeys> roles = new EnumMap<>(RoleType.class);
    for (RoleType type : RoleType.values()) {
      roles.put(type, RoleKeys.parse(named.object(type.toString())));
    }
    boolean consistent = signed.has("consistent_snapshot") && signed.truth("consistent_snapshot");
    return new Root(
        Common.parse(signed, "consistent_snapshot", "keys", "roles"), consistent, keys, roles);
  }

  public RoleKeys keysOf(RoleType type) {
    RoleKeys found = roles.get(type);
    if (found == null) {
      throw new IllegalStateException("a root names all roles");
    }
    return found;
  }

  /** The same keys under another version and other dates. */
  public Root with(Common other) {
    return new Root(other, consistentSnapshot, keys, roles);
  }

  @Override
  public RoleType type() {
    return RoleType.ROOT;
  }

  @Override
  public ObjectNode encode() {
    ObjectNode signed = common.encode(type());
    signed.put("consistent_snapshot", consistentSnapshot);
    ObjectNode keysNode = signed.putObject("keys");
    keys.forEach((id, key) -> keysNode.set(id, key.encode()));
    ObjectNode rolesNode = signed.putObject("roles");
    roles.forEach((type, role) -> role.encode(rolesNode.putObject(type.toString())));
    return signed;
  }
}
