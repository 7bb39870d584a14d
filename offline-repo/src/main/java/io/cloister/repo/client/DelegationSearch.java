package io.cloister.repo.client;

import io.cloister.repo.RefusedException;
import io.cloister.repo.TrustRefusal.TooManyDelegations;
import io.cloister.repo.metadata.DelegatedRole;
import io.cloister.repo.metadata.Delegations;
import io.cloister.repo.metadata.Targets.TargetFile;
import io.cloister.repo.trust.TrustedTargets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds who vouches for a target path (TUF 1.0.34 §5.6.7), after {@link ClientWorkflow#refresh}.
 * Each delegation is read and proven once per run; how many, and how many bytes, is bounded.
 */
public final class DelegationSearch {
  private static final int DELEGATIONS_MAX = 1024;
  private static final long BYTES_MAX = 32_000_000;

  /** A few seconds: a pattern may take its length times that of the path. */
  private static final long STEPS_MAX = 1_000_000_000;

  private final ClientWorkflow workflow;

  /** By delegator too: what one delegator's keys prove holds for no other. */
  private final Map<Edge, TrustedTargets> accepted = new LinkedHashMap<>();

  private long bytes;
  private long steps;

  public DelegationSearch(ClientWorkflow workflow) {
    this.workflow = workflow;
  }

  private record Edge(String delegator, String role) {}

  /** A role to visit; the top-level role has no delegator. */
  private record Visit(Optional<TrustedTargets> delegator, Optional<DelegatedRole> role) {
    String name() {
      return role.map(DelegatedRole::name).orElse("targets");
    }
  }

  /** A target and the role that vouches for it. */
  public record Found(TargetFile target, TrustedTargets role) {}

  /** In order of appearance, depth first; a role that was visited is not visited again. */
  public Optional<Found> find(String targetPath) throws RefusedException {
    Deque<Visit> open = new ArrayDeque<>();
    open.push(new Visit(Optional.empty(), Optional.empty()));
    Set<String> visited = new HashSet<>();
    while (!open.isEmpty()) {
      Visit visit = open.pop();
      if (!visited.add(visit.name())) {
        continue;
      }
      TrustedTargets role = visit(visit);
      TargetFile target = role.role().targets().get(targetPath);
      if (target != null) {
        return Optional.of(new Found(target, role));
      }
      List<DelegatedRole> next = covering(role, targetPath);
      if (!next.isEmpty() && next.getLast().terminating()) {
        open.clear();
      }
      next.reversed().forEach(each -> open.push(new Visit(Optional.of(role), Optional.of(each))));
    }
    return Optional.empty();
  }

  /** Up to the first terminating one. */
  private List<DelegatedRole> covering(TrustedTargets role, String targetPath)
      throws RefusedException {
    List<DelegatedRole> covering = new ArrayList<>();
    for (DelegatedRole each : delegations(role)) {
      steps += each.paths().steps(targetPath);
      if (steps > STEPS_MAX) {
        throw tooMany(each, STEPS_MAX + " steps to compare paths with patterns");
      }
      if (each.paths().covers(targetPath)) {
        covering.add(each);
        if (each.terminating()) {
          break;
        }
      }
    }
    return covering;
  }

  /** Every role that delegations lead to, the top-level role first, once for each delegator. */
  List<TrustedTargets> readAll() throws RefusedException {
    TrustedTargets top = workflow.trusted().targets().orElseThrow();
    List<TrustedTargets> all = new ArrayList<>(List.of(top));
    Set<Edge> seen = new HashSet<>();
    for (int i = 0; i < all.size(); i++) {
      TrustedTargets delegator = all.get(i);
      for (DelegatedRole each : delegations(delegator)) {
        if (seen.add(new Edge(delegator.name(), each.name()))) {
          all.add(read(delegator, each));
        }
      }
    }
    return all;
  }

  private static List<DelegatedRole> delegations(TrustedTargets role) {
    return role.role().delegations().map(Delegations::roles).orElse(List.of());
  }

  private TrustedTargets visit(Visit visit) throws RefusedException {
    return visit.role().isEmpty()
        ? workflow.trusted().targets().orElseThrow()
        : read(visit.delegator().orElseThrow(), visit.role().get());
  }

  private TrustedTargets read(TrustedTargets delegator, DelegatedRole role)
      throws RefusedException {
    Edge edge = new Edge(delegator.name(), role.name());
    TrustedTargets known = accepted.get(edge);
    if (known != null) {
      return known;
    }
    if (accepted.size() == DELEGATIONS_MAX) {
      throw tooMany(role, DELEGATIONS_MAX + " delegations");
    }
    TrustedTargets next = workflow.delegated(delegator, role);
    bytes += next.file().bytes().length;
    if (bytes > BYTES_MAX) {
      throw tooMany(role, BYTES_MAX + " bytes of delegated roles");
    }
    accepted.put(edge, next);
    return next;
  }

  private static RefusedException tooMany(DelegatedRole role, String allowed) {
    return new RefusedException(new TooManyDelegations(role.name(), allowed));
  }
}
