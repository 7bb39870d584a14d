package io.cloister.appliance.inference;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What runs have taken; the newest ones weigh most. Requests that wait mostly cost less in one run,
 * but a row of a long text can fill the processor's caches by itself, and costs more in company.
 * Not thread-safe.
 */
final class RunCosts {
  private static final double NEWEST_SHARE = 0.1;
  private static final int FORMS_MAX = 64;
  private static final double NANOS_PER_SECOND = 1e9;

  /** What costs more is tried again as often as this: it may have changed. */
  private static final int TRIAL_EVERY = 32;

  /** That a request takes of a run's time. */
  private double requestNanos;

  private double rowNanos;

  /**
   * @param rowNanos that a row is known to take before any run has told
   */
  RunCosts(double rowNanos) {
    this.rowNanos = rowNanos;
  }

  /** Those asked for most recently. */
  private final Map<Form, OfForm> forms =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Form, OfForm> eldest) {
          return size() > FORMS_MAX;
        }
      };

  /** Of a row, where there was a choice: an idle machine makes a lone run quick by itself. */
  private static final class OfForm {
    private double aloneNanos;
    private double sharedNanos;
    private int choices;

    private void add(boolean shared, double nanos) {
      if (shared) {
        sharedNanos = newer(sharedNanos, nanos);
      } else {
        aloneNanos = newer(aloneNanos, nanos);
      }
    }

    private boolean sharingPays() {
      return aloneNanos == 0 || sharedNanos <= aloneNanos;
    }
  }

  /**
   * @param mean 0 before the first
   */
  private static double newer(double mean, double newest) {
    return mean == 0 ? newest : mean + (newest - mean) * NEWEST_SHARE;
  }

  /** After its answer. */
  void add(Run run) {
    double nanos = System.nanoTime() - run.startNanos();
    double ofRow = nanos / run.rows();
    // What callers ask may cost much more than what golden rows do: the first one counts whole.
    rowNanos = requestNanos == 0 ? ofRow : newer(rowNanos, ofRow);
    requestNanos = newer(requestNanos, nanos / run.members().size());
    run.contested().map(forms::get).ifPresent(own -> own.add(run.shared(), ofRow));
  }

  /** Whether requests of that form, several of which wait, share the next run. */
  boolean shares(Form form) {
    OfForm own = forms.computeIfAbsent(form, _ -> new OfForm());
    own.choices++;
    return (own.choices % TRIAL_EVERY == 0) != own.sharingPays();
  }

  /**
   * What so many requests take.
   *
   * @param runs at once
   */
  double waitNanos(int requests, int runs) {
    return requests * requestNanos / runs;
  }

  /** When to come again after that time. */
  static Duration retry(double waitNanos) {
    long seconds = (long) Math.ceil(waitNanos / NANOS_PER_SECOND);
    return Duration.ofSeconds(Math.clamp(seconds, 1, 60));
  }

  /** How many rows a run of that time has. */
  long rowsIn(Duration time) {
    return (long) (time.toNanos() / Math.max(1, rowNanos));
  }
}
