package io.cloister.repo.cli;

import io.cloister.repo.client.AcceptedRoles;
import io.cloister.repo.keys.KeyKind;
import io.cloister.repo.metadata.DelegatedRole;
import io.cloister.repo.metadata.Delegations;
import io.cloister.repo.metadata.Key;
import io.cloister.repo.metadata.PathPattern;
import io.cloister.repo.metadata.PathRule;
import io.cloister.repo.metadata.Role;
import io.cloister.repo.metadata.RoleKeys;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.metadata.Root;
import io.cloister.repo.trust.TrustedTargets;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Who may sign what, for a person. */
final class RoleTable {
  private RoleTable() {}

  /** One role: its keys, and for delegated ones what paths it has. */
  private record Row(RoleKeys role, Map<String, Key> keys, String paths) {}

  static void print(AcceptedRoles accepted, PrintWriter out) {
    Map<String, Role> roles = accepted.byName();
    rows(accepted)
        .forEach(
            (name, row) -> {
              Role role = roles.get(name);
              out.printf(
                  "role      %s, version %s, %d of %d keys, expires %s%s%n",
                  name,
                  role == null ? "none" : String.valueOf(role.version()),
                  row.role().threshold(),
                  row.role().keyIds().size(),
                  role == null ? "never" : role.common().expires().toString(),
                  row.paths());
              row.role()
                  .keyIds()
                  .forEach(id -> out.printf("  key     %s, %s%n", id, kind(row, id)));
            });
  }

  private static Map<String, Row> rows(AcceptedRoles accepted) {
    Map<String, Row> rows = new LinkedHashMap<>();
    Root root = accepted.trusted().root().role();
    for (RoleType type : RoleType.values()) {
      rows.put(type.toString(), new Row(root.keysOf(type), root.keys(), ""));
    }
    for (TrustedTargets targets : accepted.targets()) {
      Map<String, Key> keys = targets.role().delegations().map(Delegations::keys).orElse(Map.of());
      for (DelegatedRole role :
          targets.role().delegations().map(Delegations::roles).orElse(List.of())) {
        String paths = ", delegated " + paths(role.paths());
        rows.putIfAbsent(role.name(), new Row(role.keys(), keys, paths));
      }
    }
    return rows;
  }

  private static String paths(PathRule rule) {
    return switch (rule) {
      case PathRule.Patterns it ->
          it.patterns().stream().map(PathPattern::pattern).collect(Collectors.joining(" "));
      case PathRule.HashPrefixes it -> it.prefixes().size() + " hash prefixes";
    };
  }

  private static String kind(Row row, String id) {
    Key key = row.keys().get(id);
    return key == null ? "missing" : KeyKind.find(key).map(Object::toString).orElseGet(key::scheme);
  }

  /** Which role vouches for a package. */
  static Map<String, String> owners(AcceptedRoles accepted) {
    Map<String, String> owners = new LinkedHashMap<>();
    for (TrustedTargets targets : accepted.targets()) {
      targets.role().targets().keySet().forEach(path -> owners.putIfAbsent(path, targets.name()));
    }
    return owners;
  }
}
