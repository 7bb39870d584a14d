package io.cloister.repo.publish;

import io.cloister.repo.RefusedException;
import io.cloister.repo.VendorRefusal.UnknownKeyId;
import io.cloister.repo.VendorRefusal.UnknownRole;
import io.cloister.repo.metadata.Common;
import io.cloister.repo.metadata.DelegatedRole;
import io.cloister.repo.metadata.Delegations;
import io.cloister.repo.metadata.Key;
import io.cloister.repo.metadata.PathPattern;
import io.cloister.repo.metadata.PathRule;
import io.cloister.repo.metadata.RoleKeys;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.metadata.Root;
import io.cloister.repo.metadata.Signed;
import io.cloister.repo.metadata.Targets;
import io.cloister.repo.metadata.Targets.TargetFile;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Plans who may sign what from the next version of root or targets on. Writes nothing. */
public final class TrustChange {
  private final Workspace workspace;
  private final RoleFiles files;
  private final RepositoryState state;
  private final RoleSigner signer;

  /**
   * @param now goes into what is planned, whole seconds
   */
  public TrustChange(Workspace workspace, Instant now) throws RefusedException {
    this.workspace = workspace;
    this.files = workspace.files();
    this.state = new RepositoryState(files);
    this.signer = FileWork.in(workspace.folder(), () -> new RoleSigner(workspace, now));
  }

  private TrustPlan plan(FileWork<TrustPlan> plan) throws RefusedException {
    return FileWork.in(workspace.folder(), plan);
  }

  /** Other keys or another threshold for one role. */
  public TrustPlan rotate(RoleName role, KeyChange change) throws RefusedException {
    return plan(
        () ->
            role.topLevel().isPresent()
                ? new TrustPlan(
                    files, List.of(root(change.apply(state.wantedRoot(), role.topLevel().get()))))
                : new TrustPlan(
                    files, List.of(targets(change.apply(delegationsWith(role), role)))));
  }

  /** Without one key in any role. */
  public TrustPlan revoke(String keyId) throws RefusedException {
    return plan(
        () -> {
          Root root = state.wantedRoot();
          Delegations delegations = delegations();
          Map<String, Key> keys = new LinkedHashMap<>(root.keys());
          keys.putAll(delegations.keys());
          List<String> ids = List.copyOf(keys.keySet());
          Set<String> meant = KeyChange.matching(keyId, ids, keys);
          List<TrustPlan.Next> next = new ArrayList<>();
          Root without = without(root, meant);
          if (!without.equals(root)) {
            next.add(root(without));
          }
          Delegations fewer = without(delegations, meant);
          if (!fewer.equals(delegations)) {
            next.add(targets(fewer));
          }
          if (next.isEmpty()) {
            throw new RefusedException(
                new UnknownKeyId(keyId, 0, String.join(", ", new TreeSet<>(ids))));
          }
          return new TrustPlan(files, next);
        });
  }

  private static Root without(Root root, Set<String> ids) throws RefusedException {
    Root next = root;
    for (RoleType type : RoleType.values()) {
      List<String> own = root.keysOf(type).keyIds().stream().filter(ids::contains).toList();
      next =
          own.isEmpty() ? next : new KeyChange(own, List.of(), Optional.empty()).apply(next, type);
    }
    return next;
  }

  private static Delegations without(Delegations delegations, Set<String> ids)
      throws RefusedException {
    Delegations next = delegations;
    for (DelegatedRole role : delegations.roles()) {
      List<String> own = role.keys().keyIds().stream().filter(ids::contains).toList();
      next =
          own.isEmpty()
              ? next
              : new KeyChange(own, List.of(), Optional.empty())
                  .apply(next, new RoleName(role.name()));
    }
    return next;
  }

  /**
   * A new delegated role, searched after those there are; or other patterns for one there is.
   *
   * @param keys of a new role; empty for one there is, whose keys {@link #rotate} changes
   */
  public TrustPlan delegate(
      RoleName role, List<String> patterns, List<Key> keys, Optional<Integer> threshold)
      throws RefusedException {
    return plan(
        () -> {
          Delegations old = delegations();
          Map<String, Key> byId = new LinkedHashMap<>(old.keys());
          keys.forEach(each -> byId.put(each.id(), each));
          PathRule paths = new PathRule.Patterns(patterns.stream().map(PathPattern::new).toList());
          List<DelegatedRole> roles = new ArrayList<>();
          boolean found = false;
          for (DelegatedRole each : old.roles()) {
            boolean meant = each.name().equals(role.text());
            found |= meant;
            roles.add(
                meant
                    ? new DelegatedRole(each.name(), each.keys(), each.terminating(), paths)
                    : each);
          }
          if (!found) {
            List<String> ids = keys.stream().map(Key::id).distinct().toList();
            RoleKeys own = new RoleKeys(threshold.orElse(ids.size()), ids);
            RepositorySetup.checkReachable(role.text(), own, byId);
            // Terminating: what this role does not have, no later one may slip in.
            roles.add(new DelegatedRole(role.text(), own, true, paths));
          }
          return new TrustPlan(files, List.of(targets(new Delegations(byId, roles))));
        });
  }

  /** Without a delegated role. Its last file stays in snapshot, as clients demand (§5.5.5). */
  public TrustPlan undelegate(RoleName role) throws RefusedException {
    return plan(
        () -> {
          Delegations old = delegationsWith(role);
          List<DelegatedRole> roles =
              old.roles().stream().filter(each -> !each.name().equals(role.text())).toList();
          Map<String, Key> keys =
              KeyChange.used(old.keys(), roles.stream().map(DelegatedRole::keys).toList());
          return new TrustPlan(files, List.of(targets(new Delegations(keys, roles))));
        });
  }

  /** Whether the role is there already, signed or not. */
  public boolean isDelegated(RoleName role) throws RefusedException {
    return FileWork.in(workspace.folder(), () -> state.delegated().contains(role));
  }

  private Delegations delegations() throws RefusedException, IOException {
    return state.wantedDelegations().orElseGet(() -> new Delegations(Map.of(), List.of()));
  }

  private Delegations delegationsWith(RoleName role) throws RefusedException, IOException {
    if (!state.delegated().contains(role)) {
      throw new RefusedException(new UnknownRole(role.text(), state.names().toString()));
    }
    return delegations();
  }

  private TrustPlan.Next root(Root content) throws RefusedException, IOException {
    Optional<Signed<?>> inForce = files.findNewest(RoleName.ROOT);
    Common common = signer.common(RoleName.ROOT, version(inForce));
    return new TrustPlan.Next(RoleName.ROOT, inForce, Signed.of(content.with(common), List.of()));
  }

  private TrustPlan.Next targets(Delegations delegations) throws RefusedException, IOException {
    Optional<Signed<?>> inForce = files.findNewest(RoleName.TARGETS);
    Common common = signer.common(RoleName.TARGETS, version(inForce));
    Optional<Delegations> wanted = Optional.of(delegations).filter(each -> !each.roles().isEmpty());
    Map<String, TargetFile> own =
        RepositoryState.packagesOf(RoleName.TARGETS, wanted, workspace.packages());
    return new TrustPlan.Next(
        RoleName.TARGETS, inForce, Signed.of(new Targets(common, own, wanted), List.of()));
  }

  private static long version(Optional<Signed<?>> inForce) {
    return inForce.map(Signed::version).orElse(0L) + 1;
  }
}
