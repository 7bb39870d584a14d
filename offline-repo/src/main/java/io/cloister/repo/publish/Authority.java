package io.cloister.repo.publish;

import io.cloister.repo.keys.Tally;
import io.cloister.repo.metadata.DelegatedRole;
import io.cloister.repo.metadata.Delegations;
import io.cloister.repo.metadata.Key;
import io.cloister.repo.metadata.RoleKeys;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.metadata.Root;
import io.cloister.repo.metadata.Signature;
import io.cloister.repo.metadata.Signed;
import io.cloister.repo.metadata.Targets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who must sign a role. A new root needs the keys of the old one and its own (TUF 1.0.34 §6.1),
 * everything else those that one document names.
 */
public record Authority(List<Demand> demands) {
  public Authority {
    demands = List.copyOf(demands);
  }

  /**
   * A threshold over some keys.
   *
   * @param statedBy the document that says so, e.g. {@code root version 3}
   * @param keys by id, of that document
   */
  public record Demand(String statedBy, Map<String, Key> keys, RoleKeys role) {
    public Demand {
      keys = Map.copyOf(keys);
    }

    public Tally count(Signed<?> file) {
      return Tally.count(file, keys, role);
    }
  }

  static Demand of(Root root, RoleType type) {
    return new Demand("root version " + root.version(), root.keys(), root.keysOf(type));
  }

  static Authority ofNextRoot(Optional<Root> old, Root next) {
    List<Demand> demands = new ArrayList<>();
    old.ifPresent(each -> demands.add(of(each, RoleType.ROOT)));
    demands.add(of(next, RoleType.ROOT));
    return new Authority(demands);
  }

  /** Empty where the document does not delegate to that role. */
  static Optional<Authority> ofDelegated(Targets delegator, RoleName role) {
    Delegations delegations =
        delegator.delegations().orElseGet(() -> new Delegations(Map.of(), List.of()));
    return delegations.roles().stream()
        .filter(each -> each.name().equals(role.text()))
        .map(DelegatedRole::keys)
        .map(keys -> new Demand("targets version " + delegator.version(), delegations.keys(), keys))
        .map(demand -> new Authority(List.of(demand)))
        .findFirst();
  }

  boolean isSatisfiedBy(Signed<?> file) {
    return demands.stream().allMatch(each -> each.count(file).isReached());
  }

  boolean knows(String keyId) {
    return demands.stream().anyMatch(each -> each.role().keyIds().contains(keyId));
  }

  /** Of a file's signatures those that count for one of the thresholds. */
  List<Signature> valid(Signed<?> file) {
    List<String> counted =
        demands.stream().flatMap(each -> each.count(file).keyIds().stream()).toList();
    return file.signatures().stream().filter(each -> counted.contains(each.keyId())).toList();
  }
}
