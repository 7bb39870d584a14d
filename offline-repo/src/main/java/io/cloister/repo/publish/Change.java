package io.cloister.repo.publish;

import io.cloister.repo.keys.KeyKind;
import io.cloister.repo.metadata.DelegatedRole;
import io.cloister.repo.metadata.Delegations;
import io.cloister.repo.metadata.FileMeta;
import io.cloister.repo.metadata.Key;
import io.cloister.repo.metadata.PathRule;
import io.cloister.repo.metadata.Role;
import io.cloister.repo.metadata.RoleKeys;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.metadata.Root;
import io.cloister.repo.metadata.Snapshot;
import io.cloister.repo.metadata.Targets;
import io.cloister.repo.metadata.Targets.TargetFile;
import io.cloister.repo.metadata.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** One thing in which a role differs from the version before it. */
public sealed interface Change {
  /** A key may sign a role that could not before. */
  record KeyAdded(String role, String keyId, String kind) implements Change {}

  record KeyRemoved(String role, String keyId, String kind) implements Change {}

  /** How many keys of how many must sign; {@code before} is 0 of a new role. */
  record ThresholdSet(String role, int before, int now, int keys) implements Change {}

  record DelegationAdded(String role, String paths) implements Change {}

  record DelegationRemoved(String role) implements Change {}

  /** Which role is searched first; every one that is there, in order. */
  record DelegationsReordered(String roles) implements Change {}

  record PathsSet(String role, String before, String now) implements Change {}

  /** What a role vouches for is the digest of a manifest; the path is only its name. */
  record PackageAdded(String targetPath, String digest) implements Change {}

  record PackageRemoved(String targetPath) implements Change {}

  record PackageReplaced(String targetPath, String before, String now) implements Change {}

  /** A role names another version of a file; {@code before} is 0 where it named none. */
  record FileSet(String file, long before, long now) implements Change {}

  record ExpirySet(Optional<Instant> before, Instant now) implements Change {}

  /**
   * All of them, keys first.
   *
   * @param before empty where {@code after} is the first version
   */
  static List<Change> between(Optional<? extends Role> before, Role after) {
    List<Change> changes = new ArrayList<>();
    Optional<? extends Role> old = before;
    switch (after) {
      case Root root -> roots(old.map(Root.class::cast), root, changes);
      case Targets targets -> targets(old.map(Targets.class::cast), targets, changes);
      case Snapshot snapshot ->
          files(old.map(each -> ((Snapshot) each).meta()), snapshot.meta(), changes);
      case Timestamp timestamp ->
          files(
              old.map(each -> Map.of("snapshot.json", ((Timestamp) each).snapshot())),
              Map.of("snapshot.json", timestamp.snapshot()),
              changes);
    }
    changes.add(
        new ExpirySet(before.map(each -> each.common().expires()), after.common().expires()));
    return List.copyOf(changes);
  }

  private static void roots(Optional<Root> before, Root after, List<Change> changes) {
    for (RoleType type : RoleType.values()) {
      keys(
          type.toString(),
          new KeySet(
              before.map(each -> each.keysOf(type)), before.map(Root::keys).orElse(Map.of())),
          new KeySet(Optional.of(after.keysOf(type)), after.keys()),
          changes);
    }
  }

  /** The keys of one role in one document. */
  record KeySet(Optional<RoleKeys> role, Map<String, Key> keys) {
    private List<String> ids() {
      return role.map(RoleKeys::keyIds).orElse(List.of());
    }

    private String kind(String id) {
      Key key = keys.get(id);
      return key == null ? "unknown" : KeyKind.find(key).map(Object::toString).orElse(key.scheme());
    }
  }

  private static void keys(String role, KeySet before, KeySet after, List<Change> changes) {
    before.ids().stream()
        .filter(id -> !after.ids().contains(id))
        .forEach(id -> changes.add(new KeyRemoved(role, id, before.kind(id))));
    after.ids().stream()
        .filter(id -> !before.ids().contains(id))
        .forEach(id -> changes.add(new KeyAdded(role, id, after.kind(id))));
    int old = before.role().map(RoleKeys::threshold).orElse(0);
    int now = after.role().map(RoleKeys::threshold).orElse(0);
    if (old != now || before.ids().size() != after.ids().size()) {
      changes.add(new ThresholdSet(role, old, now, after.ids().size()));
    }
  }

  private static void targets(Optional<Targets> before, Targets after, List<Change> changes) {
    delegations(
        before.flatMap(Targets::delegations).orElseGet(() -> new Delegations(Map.of(), List.of())),
        after.delegations().orElseGet(() -> new Delegations(Map.of(), List.of())),
        changes);
    Map<String, TargetFile> old = before.map(Targets::targets).orElse(Map.of());
    for (String path : union(old, after.targets())) {
      TargetFile was = old.get(path);
      TargetFile is = after.targets().get(path);
      if (is == null) {
        changes.add(new PackageRemoved(path));
      } else if (was == null) {
        changes.add(new PackageAdded(path, words(is)));
      } else if (!was.equals(is)) {
        changes.add(new PackageReplaced(path, words(was), words(is)));
      }
    }
  }

  /** Every digest, for all of them are signed. */
  private static String words(TargetFile file) {
    return file.hashes().byAlgorithm().entrySet().stream()
        .map(each -> each.getKey() + ":" + each.getValue())
        .collect(Collectors.joining(" "));
  }

  private static void delegations(Delegations before, Delegations after, List<Change> changes) {
    Map<String, DelegatedRole> old = byName(before);
    Map<String, DelegatedRole> now = byName(after);
    old.keySet().stream()
        .filter(name -> !now.containsKey(name))
        .forEach(name -> changes.add(new DelegationRemoved(name)));
    List<String> order = after.roles().stream().map(DelegatedRole::name).toList();
    List<String> kept = order.stream().filter(old::containsKey).toList();
    List<String> oldOrder =
        before.roles().stream().map(DelegatedRole::name).filter(now::containsKey).toList();
    if (!kept.equals(oldOrder)) {
      changes.add(new DelegationsReordered(String.join(" ", order)));
    }
    for (DelegatedRole role : after.roles()) {
      Optional<DelegatedRole> was = Optional.ofNullable(old.get(role.name()));
      String paths = words(role);
      if (was.isEmpty()) {
        changes.add(new DelegationAdded(role.name(), paths));
      } else if (!words(was.get()).equals(paths)) {
        changes.add(new PathsSet(role.name(), words(was.get()), paths));
      }
      keys(
          role.name(),
          new KeySet(was.map(DelegatedRole::keys), before.keys()),
          new KeySet(Optional.of(role.keys()), after.keys()),
          changes);
    }
  }

  private static Map<String, DelegatedRole> byName(Delegations delegations) {
    return delegations.roles().stream()
        .collect(
            Collectors.toMap(DelegatedRole::name, role -> role, (one, _) -> one, TreeMap::new));
  }

  /** Which paths a role has; every bin is named, for a person signs it. */
  static String words(DelegatedRole role) {
    String paths =
        switch (role.paths()) {
          case PathRule.Patterns it ->
              it.patterns().stream().map(each -> each.pattern()).collect(Collectors.joining(" "));
          case PathRule.HashPrefixes it -> "hash prefixes " + String.join(" ", it.prefixes());
        };
    return role.terminating() ? paths : paths + " (not terminating)";
  }

  private static void files(
      Optional<Map<String, FileMeta>> before, Map<String, FileMeta> after, List<Change> changes) {
    Map<String, FileMeta> old = before.orElse(Map.of());
    for (String name : union(old, after)) {
      FileMeta was = old.get(name);
      FileMeta is = after.get(name);
      if (!Objects.equals(was, is)) {
        changes.add(
            new FileSet(name, was == null ? 0 : was.version(), is == null ? 0 : is.version()));
      }
    }
  }

  private static SortedSet<String> union(Map<String, ?> one, Map<String, ?> other) {
    SortedSet<String> names = new TreeSet<>(one.keySet());
    names.addAll(other.keySet());
    return names;
  }
}
