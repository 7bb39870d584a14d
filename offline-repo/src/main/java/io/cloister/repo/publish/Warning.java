package io.cloister.repo.publish;

import io.cloister.repo.client.AcceptedRoles;
import io.cloister.repo.keys.KeyIdentity;
import io.cloister.repo.metadata.DelegatedRole;
import io.cloister.repo.metadata.Delegations;
import io.cloister.repo.metadata.Key;
import io.cloister.repo.metadata.Role;
import io.cloister.repo.metadata.RoleKeys;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.metadata.Root;
import io.cloister.repo.trust.TrustedTargets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** What a customer's machine accepts, and a vendor should still know before shipping. */
public sealed interface Warning {
  Duration SOON = Duration.ofDays(30);

  /** Media made today will be refused from then on. */
  record ExpiresSoon(String role, Instant expires) implements Warning {}

  /** One stolen key is enough to be this vendor for ever. */
  record RootOfOne() implements Warning {}

  /** Who steals it from the role that is guarded least has the others too. */
  record SharedKey(String keyId, Set<String> roles) implements Warning {}

  record Unsigned(String targetPath) implements Warning {}

  record Waiting(RoleStatus role) implements Warning {}

  /** Of metadata that a customer's machine would accept. */
  static List<Warning> of(AcceptedRoles accepted, Instant now) {
    List<Warning> warnings = new ArrayList<>();
    for (Map.Entry<String, Role> role : accepted.byName().entrySet()) {
      Instant expires = role.getValue().common().expires();
      if (expires.isBefore(now.plus(SOON))) {
        warnings.add(new ExpiresSoon(role.getKey(), expires));
      }
    }
    if (accepted.trusted().root().role().keysOf(RoleType.ROOT).threshold() == 1) {
      warnings.add(new RootOfOne());
    }
    warnings.addAll(sharedKeys(accepted));
    return warnings;
  }

  /** Of a repository besides: what its media would not hold. */
  static List<Warning> of(Workspace workspace) throws io.cloister.repo.RefusedException {
    List<Warning> warnings = new ArrayList<>();
    workspace.unsigned().forEach(path -> warnings.add(new Unsigned(path)));
    workspace.roles().stream()
        .filter(RoleStatus::staged)
        .forEach(role -> warnings.add(new Waiting(role)));
    return warnings;
  }

  private static List<Warning> sharedKeys(AcceptedRoles accepted) {
    Map<KeyIdentity, Set<String>> users = new LinkedHashMap<>();
    Map<KeyIdentity, String> ids = new LinkedHashMap<>();
    Root root = accepted.trusted().root().role();
    root.roles().forEach((type, keys) -> collect(type.toString(), keys, root.keys(), users, ids));
    for (TrustedTargets targets : accepted.targets()) {
      Map<String, Key> keys = targets.role().delegations().map(Delegations::keys).orElse(Map.of());
      for (DelegatedRole role :
          targets.role().delegations().map(Delegations::roles).orElse(List.of())) {
        collect(role.name(), role.keys(), keys, users, ids);
      }
    }
    // Both lie on the machine that publishes: sharing them gives nothing away.
    Set<String> online = Set.of(RoleType.SNAPSHOT.toString(), RoleType.TIMESTAMP.toString());
    return users.entrySet().stream()
        .filter(each -> each.getValue().size() > 1 && !online.containsAll(each.getValue()))
        .map(
            each ->
                (Warning)
                    new SharedKey(Objects.requireNonNull(ids.get(each.getKey())), each.getValue()))
        .toList();
  }

  private static void collect(
      String role,
      RoleKeys roleKeys,
      Map<String, Key> keys,
      Map<KeyIdentity, Set<String>> users,
      Map<KeyIdentity, String> ids) {
    for (String id : roleKeys.keyIds()) {
      Key key = keys.get(id);
      if (key != null) {
        users.computeIfAbsent(KeyIdentity.of(key), _ -> new TreeSet<>()).add(role);
        ids.putIfAbsent(KeyIdentity.of(key), id);
      }
    }
  }
}
