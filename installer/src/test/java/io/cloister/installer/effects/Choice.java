package io.cloister.installer.effects;

import io.cloister.repo.testing.Effect;
import io.cloister.repo.testing.Effect.Kind;
import io.cloister.repo.testing.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Which effects are tried, and how. */
record Choice(Operation operation, List<Effect> effects, Random random) {

  /**
   * Of each fault.
   *
   * @param count how many effects, or {@code all}
   */
  List<Trial> trials(String count) {
    List<Trial> trials = new ArrayList<>();
    for (Fault fault : Fault.values()) {
      if (fault != Fault.BROKEN) {
        trials.addAll(some(count, of(fault, !fault.ends())));
      }
    }
    trials.addAll(some(count, of(Fault.CUT, true)));
    return trials;
  }

  private List<Trial> of(Fault fault, boolean serviceLives) {
    List<Trial> all = new ArrayList<>();
    for (int at = 1; at <= effects.size(); at++) {
      Effect effect = effects.get(at - 1);
      if (fault != Fault.TORN || effect.kind() == Kind.WRITE) {
        all.add(new Trial(operation, fault, at, effect.toString(), serviceLives));
      }
    }
    if (fault.loses()) {
      all.add(new Trial(operation, fault, effects.size() + 1, "the end", serviceLives));
    }
    return all;
  }

  /** At equal distances, from a random one on. */
  private List<Trial> some(String count, List<Trial> all) {
    if (count.equals("all")) {
      return all;
    }
    int wanted = Math.min(Integer.parseInt(count), all.size());
    int first = random.nextInt(all.size());
    List<Trial> some = new ArrayList<>();
    for (int i = 0; i < wanted; i++) {
      some.add(all.get((first + i * all.size() / wanted) % all.size()));
    }
    return some;
  }
}
