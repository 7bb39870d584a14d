package io.cloister.repo.publish;

import io.cloister.repo.RefusedException;
import io.cloister.repo.VendorRefusal.BadRepository;
import io.cloister.repo.VendorRefusal.UnknownRole;
import io.cloister.repo.metadata.DelegatedRole;
import io.cloister.repo.metadata.Delegations;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.metadata.Root;
import io.cloister.repo.metadata.Signed;
import io.cloister.repo.metadata.Targets;
import io.cloister.repo.metadata.Targets.TargetFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the metadata of a repository says together. In force is what is signed to its threshold;
 * what is wanted may still wait for signatures. Every question reads the files anew.
 */
final class RepositoryState {
  private final RoleFiles files;

  RepositoryState(RoleFiles files) {
    this.files = files;
  }

  /** The root in force; before the first one is signed, that one. */
  Root root() throws RefusedException, IOException {
    Optional<Root> inForce = inForceRoot();
    return inForce.isPresent() ? inForce.get() : wantedRoot();
  }

  Optional<Root> inForceRoot() throws RefusedException, IOException {
    return files.findNewest(RoleName.ROOT).map(each -> (Root) each.role());
  }

  /** The staged root, or the one in force. */
  Root wantedRoot() throws RefusedException, IOException {
    Optional<Signed<?>> staged = files.findStaged(RoleName.ROOT);
    return (Root)
        (staged.isPresent() ? staged : files.findNewest(RoleName.ROOT))
            .orElseThrow(() -> new RefusedException(new BadRepository("metadata", "no root")))
            .role();
  }

  Optional<Targets> inForceTargets() throws RefusedException, IOException {
    return files.findNewest(RoleName.TARGETS).map(each -> (Targets) each.role());
  }

  private Optional<Targets> wantedTargets() throws RefusedException, IOException {
    Optional<Signed<?>> staged = files.findStaged(RoleName.TARGETS);
    return staged.isPresent() ? staged.map(each -> (Targets) each.role()) : inForceTargets();
  }

  /** Those of the staged targets, or of the ones in force. */
  Optional<Delegations> wantedDelegations() throws RefusedException, IOException {
    return wantedTargets().flatMap(Targets::delegations);
  }

  Optional<Delegations> inForceDelegations() throws RefusedException, IOException {
    return inForceTargets().flatMap(Targets::delegations);
  }

  /** Delegated roles, in the order in which they are searched. */
  List<RoleName> delegated() throws RefusedException, IOException {
    return names(wantedDelegations());
  }

  static List<RoleName> names(Optional<Delegations> delegations) {
    return delegations.map(Delegations::roles).orElse(List.of()).stream()
        .map(each -> new RoleName(each.name()))
        .toList();
  }

  /** All roles, in the order in which they are signed. */
  List<RoleName> names() throws RefusedException, IOException {
    List<RoleName> names = new ArrayList<>(List.of(RoleName.ROOT, RoleName.TARGETS));
    names.addAll(delegated());
    names.addAll(List.of(RoleName.SNAPSHOT, RoleName.TIMESTAMP));
    return names;
  }

  Authority authority(RoleName role) throws RefusedException, IOException {
    Optional<RoleType> type = role.topLevel();
    if (type.isPresent()) {
      return type.get() == RoleType.ROOT
          ? rootAuthority()
          : new Authority(List.of(Authority.of(root(), type.get())));
    }
    Optional<Targets> inForce = inForceTargets();
    Optional<Authority> found =
        inForce.isPresent() ? Authority.ofDelegated(inForce.get(), role) : Optional.empty();
    if (found.isEmpty()) {
      found = wantedTargets().flatMap(wanted -> Authority.ofDelegated(wanted, role));
    }
    if (found.isEmpty()) {
      throw new RefusedException(new UnknownRole(role.text(), names().toString()));
    }
    return found.get();
  }

  /** Of the root in force, which its own keys signed. */
  Authority inForceRootAuthority() throws RefusedException, IOException {
    return new Authority(List.of(Authority.of(root(), RoleType.ROOT)));
  }

  private Authority rootAuthority() throws RefusedException, IOException {
    Optional<Root> inForce = inForceRoot();
    Root wanted = wantedRoot();
    return inForce.isPresent() && inForce.get().version() == wanted.version()
        ? new Authority(List.of(Authority.of(wanted, RoleType.ROOT)))
        : Authority.ofNextRoot(inForce, wanted);
  }

  /** Of all packages those that this role vouches for: the first that covers the path. */
  SortedMap<String, TargetFile> packagesOf(RoleName role, Map<String, TargetFile> packages)
      throws RefusedException, IOException {
    return packagesOf(role, wantedDelegations(), packages);
  }

  /** Likewise, under delegations that are only planned. */
  static SortedMap<String, TargetFile> packagesOf(
      RoleName role, Optional<Delegations> delegations, Map<String, TargetFile> packages) {
    List<DelegatedRole> roles = delegations.map(Delegations::roles).orElse(List.of());
    SortedMap<String, TargetFile> own = new TreeMap<>();
    packages.forEach(
        (path, file) -> {
          String owner =
              roles.stream()
                  .filter(each -> each.paths().covers(path))
                  .map(DelegatedRole::name)
                  .findFirst()
                  .orElse(RoleName.TARGETS.text());
          if (owner.equals(role.text())) {
            own.put(path, file);
          }
        });
    return own;
  }

  static boolean isDelegatedBy(Signed<?> delegator, RoleName role) {
    return Authority.ofDelegated((Targets) delegator.role(), role).isPresent();
  }
}
