package io.cloister.repo.metadata;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/** Who may sign a role, and how many of them must. */
public record RoleKeys(int threshold, List<String> keyIds) {
  private static final int KEYS_MAX = 256;

  public RoleKeys {
    keyIds = List.copyOf(keyIds);
  }

  static RoleKeys parse(Fields role) throws JsonException {
    List<String> keyIds = role.texts("keyids", KEYS_MAX);
    if (Set.copyOf(keyIds).size() < keyIds.size()) {
      throw new JsonException(role.path() + " names a key id twice");
    }
    return new RoleKeys((int) role.integer("threshold", 1, KEYS_MAX), keyIds);
  }

  void encode(ObjectNode role) {
    keyIds.forEach(role.putArray("keyids")::add);
    role.put("threshold", threshold);
  }
}
