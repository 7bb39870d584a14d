package io.cloister.installer.console;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * One thing a command does, shown while it lasts. Several threads may advance it. A step that is
 * closed before {@link #done()} has failed, and is shown so.
 */
public final class Step implements AutoCloseable {
  private static final double rateSeconds = 0.5;

  private final Printer printer;
  private final LongSupplier nanoTime;
  private final String what;
  private final OptionalLong bytesTotal;
  private final long startNanos;
  private String doing = "";
  private long bytes;
  private boolean ended;
  private long rateBytes;
  private long rateNanos;
  private double bytesPerSecond;

  Step(Printer printer, LongSupplier nanoTime, String what, OptionalLong bytesTotal) {
    this.printer = printer;
    this.nanoTime = nanoTime;
    this.what = what;
    this.bytesTotal = bytesTotal;
    this.startNanos = nanoTime.getAsLong();
    this.rateNanos = startNanos;
    printer.started(state());
  }

  /** Names the part in hand, e.g. a file. */
  public synchronized void doing(String part) {
    doing = part;
    show();
  }

  /** Counts bytes that are done. */
  public synchronized void advance(long more) {
    bytes += more;
    show();
  }

  /** The step reached its end. */
  public synchronized void done() {
    end(true);
  }

  /** Says that the step failed, unless it is done. */
  @Override
  public synchronized void close() {
    end(false);
  }

  private void end(boolean success) {
    if (!ended) {
      ended = true;
      printer.ended(state(), success);
    }
  }

  private void show() {
    if (!ended) {
      printer.progressed(state());
    }
  }

  private StepState state() {
    long now = nanoTime.getAsLong();
    measure(now);
    return new StepState(
        what, doing, bytes, bytesTotal, Duration.ofNanos(now - startNanos), bytesPerSecond);
  }

  /** A moving mean: a stick that slows down is seen to, and a hiccup does not shake the figure. */
  private void measure(long now) {
    double seconds = (now - rateNanos) / 1e9;
    if (seconds >= rateSeconds) {
      double latest = (bytes - rateBytes) / seconds;
      bytesPerSecond = rateNanos == startNanos ? latest : 0.7 * bytesPerSecond + 0.3 * latest;
      rateBytes = bytes;
      rateNanos = now;
    }
  }
}
