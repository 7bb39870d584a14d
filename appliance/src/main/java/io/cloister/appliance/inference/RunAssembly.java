package io.cloister.appliance.inference;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts requests together that share a run. Not thread-safe.
 *
 * @param rowsMax of a run that is shared
 * @param runTime limit of one run
 */
record RunAssembly(Waiting waiting, RunCosts costs, long rowsMax, Duration runTime) {
  /**
   * A run of that request, which is taken out already, with what waits and may share it. Nothing is
   * waited for: an idle server adds no delay.
   */
  Run begin(Pending first) {
    List<Pending> members = new ArrayList<>(List.of(first));
    try {
      long room = room(first);
      Optional<Form> contested = first.form().filter(form -> waiting.hasLike(form, room));
      contested
          .filter(costs::shares)
          .ifPresent(form -> members.addAll(waiting.pollLike(form, room)));
      return Run.of(members, contested);
    } catch (RuntimeException | OutOfMemoryError e) {
      // What cannot be put together, against expectation, runs alone.
      members.forEach(Pending::standAlone);
      members.subList(1, members.size()).reversed().forEach(waiting::addFirst);
      return Run.of(List.of(first), Optional.empty());
    }
  }

  /** So that a shared run stays far from its limit. */
  private long room(Pending first) {
    return Math.min(rowsMax, costs.rowsIn(runTime.dividedBy(4))) - first.rows();
  }
}
