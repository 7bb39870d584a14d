package io.cloister.repo.metadata;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whom targets metadata trusts with some of its paths (TUF 1.0.34 §4.5).
 *
 * @param keys by key id
 * @param roles the first that matches a path is trusted over later ones; names differ
 */
public record Delegations(Map<String, Key> keys, List<DelegatedRole> roles) {
  private static final int ROLES_MAX = 20_000;

  public Delegations {
    keys = Map.copyOf(keys);
    roles = List.copyOf(roles);
  }

  static Delegations parse(Fields delegations) throws JsonException {
    Map<String, Key> keys = Key.parseAll(delegations.object("keys"));
    List<DelegatedRole> roles = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Fields each : delegations.objects("roles", ROLES_MAX)) {
      DelegatedRole role = DelegatedRole.parse(each);
      if (!names.add(role.name())) {
        throw new JsonException(each.path() + " has the name of an earlier role");
      }
      roles.add(role);
    }
    return new Delegations(keys, roles);
  }

  void encode(ObjectNode delegations) {
    ObjectNode keysNode = delegations.putObject("keys");
    keys.forEach((id, key) -> keysNode.set(id, key.encode()));
    ArrayNode rolesNode = delegations.putArray("roles");
    roles.forEach(role -> role.encode(rolesNode.addObject()));
  }
}
