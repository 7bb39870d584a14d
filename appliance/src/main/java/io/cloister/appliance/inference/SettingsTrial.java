package io.cloister.appliance.inference;

import io.cloister.appliance.inference.Comparison.Pair;
import io.cloister.appliance.model.ModelRefused;
import io.cloister.appliance.model.ModelVersion;
import io.cloister.appliance.model.RunSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Looks for settings that serve a model version better on this machine, one after the other, each
 * in turns with the best so far. Workers of its own do that; the serving one is not asked.
 */
final class SettingsTrial {
  private final Workers workers;
  private final ModelVersion model;
  private final int processors;
  private final Duration round;
  private final Consumer<String> says;
  private final long endNanos;
  private final Set<RunSettings> seen = new HashSet<>();
  private final List<Tried> tried = new ArrayList<>();
  private Optional<Win> first = Optional.empty();
  private int wins;
  private long candidateNanos;

  /** What became of settings that were tried. */
  enum Outcome {
    BETTER,
    NOT_BETTER,
    REFUSED,
    GIVEN_UP,
    NO_TIME
  }

  /**
   * One of them.
   *
   * @param reason why they were refused or given up
   * @param comparison with the best before
   */
  record Tried(
      RunSettings settings,
      Outcome outcome,
      Optional<String> reason,
      Optional<Comparison> comparison) {}

  /** Settings that are better than the present ones. */
  private record Win(RunSettings settings, Comparison gain) {}

  /**
   * What came of it.
   *
   * @param chosen equal to the present ones where nothing is better
   * @param gain of the chosen ones over the present ones, where they are others
   */
  record Result(
      RunSettings present, RunSettings chosen, Optional<Comparison> gain, List<Tried> tried) {
    Result {
      tried = List.copyOf(tried);
    }
  }

  /**
   * Begins its time.
   *
   * @param round time of one round of questions
   * @param time after which nothing is measured: what is under way then is given up
   * @param says told of each step as it begins
   */
  SettingsTrial(
      Workers workers,
      ModelVersion model,
      int processors,
      Duration round,
      Duration time,
      Consumer<String> says) {
    this.workers = workers;
    this.model = model;
    this.processors = processors;
    this.round = round;
    this.says = says;
    this.endNanos = System.nanoTime() + time.toNanos();
  }

  /**
   * Tries every candidate that there is time for.
   *
   * @throws ModelRefused when not even the present settings hold
   */
  Result run(RunSettings present) throws ModelRefused, InterruptedException {
    says.accept("the present settings: " + present.words());
    long start = System.nanoTime();
    Contestant best =
        TimeLimit.run(endNanos, () -> Contestant.open(workers, model, present))
            .orElseThrow(() -> new ModelRefused("it did not pass in the time there was"));
    try {
      candidateNanos =
          System.nanoTime() - start + round.multipliedBy(2L * (Comparison.ROUNDS + 2)).toNanos();
      seen.add(present);
      var steps = Candidates.steps(processors, best.rowsTogether());
      for (int i = 0; i < steps.size(); i++) {
        RunSettings candidate = steps.get(i).apply(best.settings());
        if (seen.add(candidate)) {
          long later = fresh(steps.subList(i + 1, steps.size()), best.settings());
          best = better(best, candidate, later);
        }
      }
      Optional<Win> win = wins > 1 ? confirm(best, present) : first;
      return new Result(present, win.map(Win::settings).orElse(present), win.map(Win::gain), tried);
    } finally {
      best.close();
    }
  }

  /** How many of these steps lead to something that was not tried yet. */
  private long fresh(List<UnaryOperator<RunSettings>> steps, RunSettings from) {
    return steps.stream()
        .map(step -> step.apply(from))
        .filter(candidate -> !seen.contains(candidate))
        .distinct()
        .count();
  }

  /**
   * Whichever of the two goes on; the other one is closed.
   *
   * @param later how many others are left
   */
  private Contestant better(Contestant best, RunSettings candidate, long later)
      throws ModelRefused, InterruptedException {
    // What was better is to be compared once more, and that takes as long.
    long limit = endNanos - (wins > 0 ? candidateNanos : 0);
    long start = System.nanoTime();
    if (start + candidateNanos > limit) {
      add(candidate, Outcome.NO_TIME, Optional.empty(), Optional.empty());
      return best;
    }
    int number = tried.size() + 1;
    String words = candidate.wordsBeside(best.settings());
    says.accept("candidate %d of %d: %s".formatted(number, number + later, words));
    try {
      Optional<Contestant> goesOn =
          TimeLimit.run(limit, () -> better(best, Contestant.open(workers, model, candidate)));
      if (goesOn.isEmpty()) {
        giveUp(candidate, start);
      }
      candidateNanos = Math.max(candidateNanos, System.nanoTime() - start);
      return goesOn.orElse(best);
    } catch (ModelRefused e) {
      if (best.ended()) {
        throw e;
      }
      add(candidate, Outcome.REFUSED, Optional.of(e.reason()), Optional.empty());
      return best;
    }
  }

  private void giveUp(RunSettings settings, long startNanos) {
    long seconds = Duration.ofNanos(System.nanoTime() - startNanos).toSeconds();
    String reason = "the time was over, after " + seconds + " s of it";
    add(settings, Outcome.GIVEN_UP, Optional.of(reason), Optional.empty());
  }

  private Contestant better(Contestant best, Contestant other)
      throws ModelRefused, InterruptedException {
    Contestant loser = other;
    try {
      Comparison comparison = compare(best, other);
      boolean better = comparison.better();
      Outcome outcome = better ? Outcome.BETTER : Outcome.NOT_BETTER;
      add(other.settings(), outcome, Optional.empty(), Optional.of(comparison));
      if (better) {
        wins++;
        first = first.or(() -> Optional.of(new Win(other.settings(), comparison)));
        loser = best;
      }
      return better ? other : best;
    } finally {
      loser.close();
    }
  }

  private void add(
      RunSettings settings,
      Outcome outcome,
      Optional<String> reason,
      Optional<Comparison> comparison) {
    tried.add(new Tried(settings, outcome, reason, comparison));
  }

  /** Several steps together, once more against where they began; else the first of them. */
  private Optional<Win> confirm(Contestant best, RunSettings present)
      throws ModelRefused, InterruptedException {
    says.accept("all that was better, against the present settings");
    long start = System.nanoTime();
    Optional<Comparison> together =
        TimeLimit.run(
            endNanos,
            () -> {
              try (Contestant before = Contestant.open(workers, model, present)) {
                return compare(before, best);
              }
            });
    if (together.isEmpty()) {
      giveUp(best.settings(), start);
      return first;
    }
    return together.filter(Comparison::better).map(gain -> new Win(best.settings(), gain));
  }

  /** In turns, so that whatever else the machine does meets both. */
  private Comparison compare(Contestant present, Contestant other)
      throws ModelRefused, InterruptedException {
    // The first round of a process is not like the others.
    present.round(round);
    other.round(round);
    List<Pair> rounds = new ArrayList<>();
    for (int i = 0; i < Comparison.ROUNDS; i++) {
      if (i % 2 == 0) {
        Figures first = present.round(round);
        rounds.add(new Pair(first, other.round(round)));
      } else {
        Figures first = other.round(round);
        rounds.add(new Pair(present.round(round), first));
      }
    }
    return new Comparison(rounds);
  }
}
