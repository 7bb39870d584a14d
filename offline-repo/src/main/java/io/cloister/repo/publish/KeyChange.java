package io.cloister.repo.publish;

import io.cloister.repo.RefusedException;
import io.cloister.repo.VendorRefusal.UnknownKeyId;
import io.cloister.repo.VendorRefusal.UnknownRole;
import io.cloister.repo.keys.KeyIdentity;
import io.cloister.repo.metadata.DelegatedRole;
import io.cloister.repo.metadata.Delegations;
import io.cloister.repo.metadata.Key;
import io.cloister.repo.metadata.RoleKeys;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.metadata.Root;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A change of a role's keys, as values: nothing is read or written.
 *
 * @param remove key ids, or the beginning of one, at least 8 digits
 * @param add public keys
 * @param threshold the new one; without it the old one stays
 */
public record KeyChange(List<String> remove, List<Key> add, Optional<Integer> threshold) {
  private static final int PREFIX_MIN = 8;

  public KeyChange {
    remove = List.copyOf(remove);
    add = List.copyOf(add);
  }

  Root apply(Root root, RoleType type) throws RefusedException {
    Map<String, Key> keys = new LinkedHashMap<>(root.keys());
    Map<RoleType, RoleKeys> roles = new EnumMap<>(root.roles());
    roles.put(type, apply(type.toString(), root.keysOf(type), keys));
    return new Root(
        root.common(), root.consistentSnapshot(), used(keys, List.copyOf(roles.values())), roles);
  }

  Delegations apply(Delegations delegations, RoleName name) throws RefusedException {
    Map<String, Key> keys = new LinkedHashMap<>(delegations.keys());
    List<DelegatedRole> roles = new ArrayList<>();
    boolean found = false;
    for (DelegatedRole each : delegations.roles()) {
      boolean meant = each.name().equals(name.text());
      found |= meant;
      RoleKeys changed = meant ? apply(each.name(), each.keys(), keys) : each.keys();
      roles.add(new DelegatedRole(each.name(), changed, each.terminating(), each.paths()));
    }
    if (!found) {
      List<String> names = roles.stream().map(DelegatedRole::name).toList();
      throw new RefusedException(new UnknownRole(name.text(), names.toString()));
    }
    return new Delegations(used(keys, roles.stream().map(DelegatedRole::keys).toList()), roles);
  }

  private RoleKeys apply(String role, RoleKeys old, Map<String, Key> keys) throws RefusedException {
    Set<String> ids = new LinkedHashSet<>(old.keyIds());
    for (String each : remove) {
      ids.removeAll(matching(each, old.keyIds(), keys));
    }
    for (Key each : add) {
      keys.put(each.id(), each);
      ids.add(each.id());
    }
    RoleKeys next = new RoleKeys(threshold.orElse(old.threshold()), List.copyOf(ids));
    RepositorySetup.checkReachable(role, next, keys);
    return next;
  }

  /** The same key under another id goes with it. */
  static Set<String> matching(String prefix, List<String> keyIds, Map<String, Key> keys)
      throws RefusedException {
    Set<KeyIdentity> meant = new LinkedHashSet<>();
    for (String id : keyIds) {
      Key key = keys.get(id);
      if (key != null && prefix.length() >= PREFIX_MIN && id.startsWith(prefix)) {
        meant.add(KeyIdentity.of(key));
      }
    }
    if (meant.size() != 1) {
      throw new RefusedException(
          new UnknownKeyId(prefix, meant.size(), String.join(", ", new TreeSet<>(keyIds))));
    }
    Set<String> matching = new LinkedHashSet<>();
    for (String id : keyIds) {
      Key key = keys.get(id);
      if (key != null && meant.contains(KeyIdentity.of(key))) {
        matching.add(id);
      }
    }
    return matching;
  }

  /** A document names no key that none of its roles has. */
  static Map<String, Key> used(Map<String, Key> keys, List<RoleKeys> roles) {
    Map<String, Key> used = new LinkedHashMap<>(keys);
    used.keySet().removeIf(id -> roles.stream().noneMatch(each -> each.keyIds().contains(id)));
    return used;
  }
}
