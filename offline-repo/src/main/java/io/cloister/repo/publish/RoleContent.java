package io.cloister.repo.publish;

import io.cloister.repo.RefusedException;
import io.cloister.repo.metadata.Common;
import io.cloister.repo.metadata.DelegatedRole;
import io.cloister.repo.metadata.Delegations;
import io.cloister.repo.metadata.FileMeta;
import io.cloister.repo.metadata.Role;
import io.cloister.repo.metadata.Root;
import io.cloister.repo.metadata.Signed;
import io.cloister.repo.metadata.Snapshot;
import io.cloister.repo.metadata.Targets;
import io.cloister.repo.metadata.Targets.TargetFile;
import io.cloister.repo.metadata.Timestamp;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** What each role should say next, before its version and dates. */
final class RoleContent {
  private final RoleFiles files;
  private final RepositoryState state;
  private final Map<String, TargetFile> packages;

  /**
   * @param packages all that were added, by target path
   */
  RoleContent(RoleFiles files, RepositoryState state, Map<String, TargetFile> packages) {
    this.files = files;
    this.state = state;
    this.packages = Map.copyOf(packages);
  }

  /** Empty where it depends on a role that is not signed yet. */
  Optional<Function<Common, Role>> find(RoleName role) throws RefusedException, IOException {
    return role.topLevel().isEmpty()
        ? Optional.of(delegated(role))
        : switch (role.topLevel().get()) {
          case ROOT -> Optional.of(root());
          case TARGETS -> Optional.of(targets());
          case SNAPSHOT -> findSnapshot();
          case TIMESTAMP -> findTimestamp();
        };
  }

  static boolean isSame(Function<Common, Role> content, Signed<?> file) {
    return content.apply(file.role().common()).equals(file.role());
  }

  private Function<Common, Role> root() throws RefusedException, IOException {
    Root wanted = state.wantedRoot();
    return wanted::with;
  }

  private Function<Common, Role> targets() throws RefusedException, IOException {
    Map<String, TargetFile> own = state.packagesOf(RoleName.TARGETS, packages);
    Optional<Delegations> delegations = state.wantedDelegations();
    return common -> new Targets(common, own, delegations);
  }

  /**
   * Also what the role has by the delegations in force: until those that are wanted come into
   * force, nobody else vouches for it.
   */
  private Function<Common, Role> delegated(RoleName role) throws RefusedException, IOException {
    Map<String, TargetFile> own = state.packagesOf(role, packages);
    own.putAll(RepositoryState.packagesOf(role, state.inForceDelegations(), packages));
    return common -> new Targets(common, own, Optional.empty());
  }

  /** While new targets wait for a role that they delegate to, the old snapshot goes on. */
  private Optional<Function<Common, Role>> findSnapshot() throws RefusedException, IOException {
    Map<String, FileMeta> meta = new TreeMap<>();
    Optional<Signed<?>> old = files.findNewest(RoleName.SNAPSHOT);
    // A client refuses a snapshot that drops a name which an earlier one had (§5.5.5).
    old.ifPresent(each -> meta.putAll(((Snapshot) each.role()).meta()));
    Optional<Map<String, FileMeta>> whole = findMeta();
    if (whole.isEmpty() && old.isEmpty()) {
      return Optional.empty();
    }
    whole.ifPresent(meta::putAll);
    return Optional.of(common -> new Snapshot(common, meta));
  }

  /** Of the targets in force and all they delegate to; empty while one of them is not signed. */
  private Optional<Map<String, FileMeta>> findMeta() throws RefusedException, IOException {
    Optional<Signed<?>> targets = findSigned(RoleName.TARGETS);
    if (targets.isEmpty()) {
      return Optional.empty();
    }
    Map<String, FileMeta> meta = new TreeMap<>();
    meta.put(RoleName.TARGETS.metaName(), meta(targets.get()));
    List<DelegatedRole> delegated =
        ((Targets) targets.get().role()).delegations().map(Delegations::roles).orElse(List.of());
    for (DelegatedRole each : delegated) {
      Optional<Signed<?>> file = findSigned(new RoleName(each.name()));
      if (file.isEmpty()) {
        return Optional.empty();
      }
      meta.put(each.metaName(), meta(file.get()));
    }
    return Optional.of(meta);
  }

  private Optional<Function<Common, Role>> findTimestamp() throws RefusedException, IOException {
    Optional<FileMeta> snapshot = findSigned(RoleName.SNAPSHOT).map(RoleContent::meta);
    return snapshot.map(meta -> common -> new Timestamp(common, meta));
  }

  /** The newest file of a role, where the keys that count today have signed it. */
  private Optional<Signed<?>> findSigned(RoleName role) throws RefusedException, IOException {
    return files.findNewest(role).filter(state.authority(role)::isSatisfiedBy);
  }

  private static FileMeta meta(Signed<?> file) {
    return FileMeta.of(file.version(), file.bytes());
  }
}
