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
  private Optional<Comparison> gain = Optional.empty();
  private long candidateNanos;

  /** What became of settings that were tried. */
  enum Outcome {
    BETTER,
    NOT_BETTER,
    REFUSED,
    NO_TIME
  }

  /**
   * One of them.
   *
   * @param reason why they were refused
   * @param comparison with the best before
   */
  record Tried(
      RunSettings settings,
      Outcome outcome,
      Optional<String> reason,
      Optional<Comparison> comparison) {}

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
   * @param time after which no other candidate is begun
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
    Contestant best = Contestant.open(workers, model, present);
    try {
      candidateNanos =
          System.nanoTime() - start + round.multipliedBy(2L * (Comparison.ROUNDS + 2)).toNanos();
      seen.add(present);
      for (UnaryOperator<RunSettings> step : Candidates.steps(processors, best.rowsTogether())) {
        RunSettings candidate = step.apply(best.settings());
        if (seen.add(candidate)) {
          best = better(best, candidate);
        }
      }
      long wins = tried.stream().filter(t -> t.outcome() == Outcome.BETTER).count();
      if (wins > 1) {
        gain = Optional.of(confirm(best, present));
      }
      boolean holds = gain.filter(Comparison::better).isPresent();
      RunSettings chosen = holds ? best.settings() : present;
      return new Result(present, chosen, gain.filter(_ -> holds), tried);
    } finally {
      best.close();
    }
  }

  /** Whichever of the two goes on; the other one is closed. */
  private Contestant better(Contestant best, RunSettings candidate)
      throws ModelRefused, InterruptedException {
    if (System.nanoTime() + candidateNanos > endNanos) {
      add(candidate, Outcome.NO_TIME, Optional.empty(), Optional.empty());
      return best;
    }
    says.accept(candidate.wordsBeside(best.settings()));
    long start = System.nanoTime();
    try {
      Contestant other = Contestant.open(workers, model, candidate);
      Contestant goesOn = better(best, other);
      candidateNanos = Math.max(candidateNanos, System.nanoTime() - start);
      return goesOn;
    } catch (ModelRefused e) {
      if (best.ended()) {
        throw e;
      }
      add(candidate, Outcome.REFUSED, Optional.of(e.reason()), Optional.empty());
      return best;
    }
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
        gain = Optional.of(comparison);
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

  /** Several steps together, once more against where they began. */
  private Comparison confirm(Contestant best, RunSettings present)
      throws ModelRefused, InterruptedException {
    says.accept("all that was better, against the present settings");
    try (Contestant first = Contestant.open(workers, model, present)) {
      return compare(first, best);
    }
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
