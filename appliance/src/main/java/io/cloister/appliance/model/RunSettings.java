package io.cloister.appliance.model;

import io.cloister.appliance.model.ModelConfig.Session;
import io.cloister.appliance.model.ModelConfig.Sharing;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How a worker runs a model: as its package says, or as was measured on this machine.
 *
 * @param runs that it takes at once
 * @param intraOpThreads that share one run
 * @param spinning whether those burn their processor while they wait for each other
 * @param disabledOptimizers graph optimisers of the engine that are left out
 * @param rowsMax that may share a run, where rows may share one at all
 */
public record RunSettings(
    int runs, int intraOpThreads, boolean spinning, List<String> disabledOptimizers, int rowsMax) {
  public static final int THREADS_MAX = 64;
  public static final int ROWS_MAX = 1024;
  private static final int RUNS_USUAL_MAX = 8;
  static final int OPTIMIZERS_MAX = 99;
  private static final Pattern OPTIMIZER = Pattern.compile("[A-Za-z0-9_]{1,100}");

  public RunSettings {
    disabledOptimizers = List.copyOf(disabledOptimizers);
    within("runs", runs, THREADS_MAX);
    within("intra_op_threads", intraOpThreads, THREADS_MAX);
    within("max_rows", rowsMax, ROWS_MAX);
    within("disabled_optimizers and one", disabledOptimizers.size() + 1, OPTIMIZERS_MAX + 1);
    if (!disabledOptimizers.stream().allMatch(RunSettings::isOptimizer)) {
      throw new IllegalArgumentException("no names of optimizers: " + disabledOptimizers);
    }
  }

  private static void within(String name, int value, int max) {
    if (value < 1 || value > max) {
      throw new IllegalArgumentException(name + " is 1 to " + max + ", not " + value);
    }
  }

  static boolean isOptimizer(String name) {
    return OPTIMIZER.matcher(name).matches();
  }

  /** The package's own, on a machine of so many processors. */
  public static RunSettings of(ModelConfig config, int processors) {
    Session session = config.session();
    return new RunSettings(
        Math.clamp(processors / session.intraOpThreads(), 1, RUNS_USUAL_MAX),
        session.intraOpThreads(),
        session.spinning(),
        session.disabledOptimizers(),
        config.sharing().rowsMax());
  }

  /** What the package says, but for these. */
  ModelConfig on(ModelConfig config) {
    return new ModelConfig(
        config.description(),
        config.graph(),
        config.text(),
        config.batching(),
        new Sharing(config.sharing().acrossCallers(), rowsMax),
        new Session(intraOpThreads, disabledOptimizers, spinning),
        config.limits());
  }

  public RunSettings withThreads(int atOnce, int each) {
    return new RunSettings(atOnce, each, spinning && each > 1, disabledOptimizers, rowsMax);
  }

  public RunSettings withSpinning(boolean spins) {
    return new RunSettings(runs, intraOpThreads, spins, disabledOptimizers, rowsMax);
  }

  public RunSettings without(List<String> optimizers) {
    return new RunSettings(runs, intraOpThreads, spinning, optimizers, rowsMax);
  }

  public RunSettings withRows(int max) {
    return new RunSettings(runs, intraOpThreads, spinning, disabledOptimizers, max);
  }

  /** For people, on one line. */
  public String words() {
    List<String> words = new ArrayList<>();
    words.add(threads());
    words.add(rowsMax + " rows together");
    words.add(optimizers());
    return String.join(", ", words);
  }

  /** What is not as in the other, for people. */
  public String wordsBeside(RunSettings other) {
    List<String> words = new ArrayList<>();
    if (!threads().equals(other.threads())) {
      words.add(threads());
    }
    if (rowsMax != other.rowsMax) {
      words.add(rowsMax + " rows together");
    }
    if (!disabledOptimizers.equals(other.disabledOptimizers)) {
      words.add(optimizers());
    }
    return words.isEmpty() ? "the same" : String.join(", ", words);
  }

  private String threads() {
    return "%d at once on %d thread%s each%s"
        .formatted(
            runs, intraOpThreads, intraOpThreads == 1 ? "" : "s", spinning ? ", spinning" : "");
  }

  private String optimizers() {
    return disabledOptimizers.isEmpty()
        ? "every optimizer"
        : "without " + String.join(", ", disabledOptimizers);
  }
}
