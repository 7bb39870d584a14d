package io.cloister.installer.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.repo.Problem;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** For a pipe, a file, or a terminal that cannot redraw: lines, few of them. */
final class PlainPrinter implements Printer {
  private static final Duration quiet = Duration.ofSeconds(5);

  private final Output out;
  private final Output err;
  private Duration saidAt = Duration.ZERO;

  PlainPrinter(Output out, Output err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public synchronized void started(StepState step) {
    saidAt = Duration.ZERO;
    String total = step.bytesTotal().isPresent() ? " (" + announced(step) + ")" : "";
    say(step.what() + total);
  }

  private static String announced(StepState step) {
    return Amounts.bytes(step.bytesTotal().orElse(0));
  }

  @Override
  public synchronized void progressed(StepState step) {
    if (step.elapsed().minus(saidAt).compareTo(quiet) < 0) {
      return;
    }
    saidAt = step.elapsed();
    long left = step.secondsLeft();
    String time = left >= 0 ? Amounts.time(Duration.ofSeconds(left)) + " left" : "";
    say(
        Stream.of(step.amount(), time, step.doing())
            .filter(part -> !part.isEmpty())
            .collect(Collectors.joining(", ", step.what() + ": ", "")));
  }

  @Override
  public synchronized void ended(StepState step, boolean success) {
    say(step.what() + (success ? ": done" : ": failed") + step.outcome());
  }

  @Override
  public void say(String text) {
    out.write(Printable.lines(text));
  }

  @Override
  public void result(ObjectNode data, String text) {
    say(text);
  }

  @Override
  public void problem(Problem problem) {
    err.write(Printable.lines(problem.text()));
  }

  @Override
  public void unshown(String words) {
    err.write(Printable.lines(words));
  }

  @Override
  public void close() {}
}
