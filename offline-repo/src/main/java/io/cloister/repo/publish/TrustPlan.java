package io.cloister.repo.publish;

import io.cloister.repo.RefusedException;
import io.cloister.repo.metadata.Role;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.metadata.Root;
import io.cloister.repo.metadata.Signed;
import io.cloister.repo.metadata.Targets;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Next versions of root and targets that say who may sign what. */
public final class TrustPlan {
  private final RoleFiles files;
  private final List<Next> next;

  TrustPlan(RoleFiles files, List<Next> next) {
    this.files = files;
    this.next = List.copyOf(next);
  }

  /**
   * One of them.
   *
   * @param inForce the version before it
   * @param file unsigned
   */
  public record Next(RoleName role, Optional<Signed<?>> inForce, Signed<?> file) {
    public List<Change> changes() {
      return Change.between(inForce.map(Signed::role), file.role());
    }
  }

  public List<Next> next() {
    return next;
  }

  /** Who must sign one of them; targets under the new root, where there is one. */
  public Authority authority(Next one) throws RefusedException {
    return FileWork.in(
        files.repository(),
        () ->
            switch (one.file().role()) {
              case Root own ->
                  Authority.ofNextRoot(one.inForce().map(each -> (Root) each.role()), own);
              case Targets _ -> new Authority(List.of(Authority.of(root(), RoleType.TARGETS)));
              default -> throw new IllegalStateException("only root and targets say who signs");
            });
  }

  private Root root() throws RefusedException, IOException {
    for (Next one : next) {
      if (one.file().role() instanceof Root root) {
        return root;
      }
    }
    return new RepositoryState(files).root();
  }

  /** The roles whose waiting version was signed by some: their signatures go with it. */
  public List<RoleName> dropped() throws RefusedException {
    return FileWork.in(
        files.repository(),
        () -> {
          List<RoleName> dropped = new ArrayList<>();
          for (Next one : next) {
            Optional<Signed<?>> staged = files.findStaged(one.role());
            if (staged.isPresent() && !staged.get().signatures().isEmpty()) {
              dropped.add(one.role());
            }
          }
          return dropped;
        });
  }

  /**
   * The roles that must be signed again after these are in force: what signed them will not be
   * enough.
   */
  public List<RoleName> signedAgain() throws RefusedException {
    return FileWork.in(
        files.repository(),
        () -> {
          List<RoleName> again = new ArrayList<>();
          for (Next one : next) {
            addSignedAgain(one.file().role(), again);
          }
          return again;
        });
  }

  private void addSignedAgain(Role next, List<RoleName> again)
      throws RefusedException, IOException {
    switch (next) {
      case Root root -> {
        for (RoleType type : List.of(RoleType.TARGETS, RoleType.SNAPSHOT, RoleType.TIMESTAMP)) {
          addIfUnsatisfied(
              RoleName.of(type), new Authority(List.of(Authority.of(root, type))), again);
        }
      }
      case Targets targets -> {
        for (RoleName name : RepositoryState.names(targets.delegations())) {
          addIfUnsatisfied(name, Authority.ofDelegated(targets, name).orElseThrow(), again);
        }
      }
      default -> throw new IllegalStateException("only root and targets say who signs");
    }
  }

  private void addIfUnsatisfied(RoleName role, Authority authority, List<RoleName> again)
      throws RefusedException, IOException {
    Optional<Signed<?>> newest = files.findNewest(role);
    if (newest.isPresent() && !authority.isSatisfiedBy(newest.get())) {
      again.add(role);
    }
  }

  /** From now on they wait for signatures, in place of what waited before. */
  public void apply() throws RefusedException {
    var _ =
        FileWork.in(
            files.repository(),
            () -> {
              for (Next one : next) {
                files.stage(one.role(), one.file());
              }
              return next;
            });
  }
}
