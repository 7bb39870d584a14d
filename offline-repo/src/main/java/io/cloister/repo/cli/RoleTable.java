package io.cloister.repo.cli;

import io.cloister.repo.Problem;
import io.cloister.repo.RefusedException;
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
import io.cloister.repo.metadata.Targets;
import io.cloister.repo.publish.Workspace;
import io.cloister.repo.trust.TrustedTargets;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Who may sign what, for a person. */
final class RoleTable {
  private RoleTable() {}

  /** One role: its keys, and for delegated ones what paths it has. */
  private record Row(RoleKeys role, Map<String, Key> keys, String paths) {}

  static void print(AcceptedRoles accepted, PrintWriter out) {
    List<Targets> targets = accepted.targets().stream().map(TrustedTargets::role).toList();
    Map<String, Row> rows = rows(accepted.trusted().root().role(), targets);
    Map<String, Role> roles = accepted.byName();
    rows.forEach((name, row) -> print(name, row, Optional.ofNullable(roles.get(name)), out));
  }

  /**
   * Of a repository, also of one that no customer would accept. A key is waiting where a root or
   * targets that wait for signatures bring it.
   */
  static void print(Workspace workspace, PrintWriter out) throws RefusedException {
    Map<String, Role> inForce = workspace.inForce();
    Map<String, Role> wanted = new HashMap<>(inForce);
    wanted.putAll(workspace.waiting());
    Map<String, Row> now = rows(inForce);
    Map<String, Row> next = rows(wanted);
    Map<String, Row> all = new LinkedHashMap<>(next);
    all.putAll(now);
    all.forEach(
        (name, row) -> {
          print(name, row, Optional.ofNullable(inForce.get(name)), out);
          Row other = next.getOrDefault(name, row);
          other.role().keyIds().stream()
              .filter(id -> !row.role().keyIds().contains(id))
              .forEach(id -> out.println(keyLine(other, id) + ", waiting"));
        });
  }

  private static void print(String name, Row row, Optional<Role> role, PrintWriter out) {
    out.printf(
        "role      %s, version %s, %d of %d keys, expires %s%s%n",
        Problem.printable(name),
        role.map(it -> String.valueOf(it.version())).orElse("none"),
        row.role().threshold(),
        row.role().keyIds().size(),
        role.map(it -> it.common().expires().toString()).orElse("never"),
        Problem.printable(row.paths()));
    row.role().keyIds().forEach(id -> out.println(keyLine(row, id)));
  }

  private static String keyLine(Row row, String id) {
    return "  key     " + Problem.printable(id + ", " + kind(row, id));
  }

  private static Map<String, Row> rows(Map<String, Role> roles) {
    return roles.get(RoleType.ROOT.toString()) instanceof Root root
        ? rows(
            root,
            roles.get(RoleType.TARGETS.toString()) instanceof Targets targets
                ? List.of(targets)
                : List.of())
        : Map.of();
  }

  private static Map<String, Row> rows(Root root, List<Targets> targets) {
    Map<String, Row> rows = new LinkedHashMap<>();
    for (RoleType type : RoleType.values()) {
      rows.put(type.toString(), new Row(root.keysOf(type), root.keys(), ""));
    }
    for (Targets each : targets) {
      Map<String, Key> keys = each.delegations().map(Delegations::keys).orElse(Map.of());
      for (DelegatedRole role : each.delegations().map(Delegations::roles).orElse(List.of())) {
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
