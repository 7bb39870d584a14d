package io.cloister.appliance.inference;

import io.cloister.appliance.model.Batching;
import io.cloister.appliance.model.ModelVersion;
import io.cloister.appliance.model.RowFault;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What came of asking a model version its golden rows on this machine.
 *
 * @param at when it ended
 * @param refusal why it may not serve, in one line; empty when it was accepted
 * @param rows of the package
 * @param rowsAsked less than all where its process ended
 * @param rowsFailed rows with at least one fault
 * @param findings the first ones, in the order of the tests
 * @param medianMillis of the rows alone, after a warm-up; empty when no row was answered
 */
public record AcceptanceReport(
    ModelVersion model,
    Instant at,
    Optional<String> refusal,
    int rows,
    int rowsAsked,
    int rowsFailed,
    List<Finding> findings,
    Company company,
    OptionalDouble medianMillis,
    Optional<Accuracy> accuracy) {
  public AcceptanceReport {
    findings = List.copyOf(findings);
  }

  /**
   * A row's fault.
   *
   * @param row counted from 1
   * @param batched whether it was asked together with others
   */
  public record Finding(int row, boolean batched, RowFault fault) {
    String words() {
      return "row %d %s: %s".formatted(row, batched ? "in a batch" : "alone", fault.words());
    }
  }

  /**
   * Rows that were asked together.
   *
   * @param says what the package says of them
   * @param tolerance that it states for them; the row's own where it is empty
   * @param rows how many were asked so
   * @param difference the largest between an answer alone and in company; empty when none was asked
   */
  public record Company(
      Batching says, OptionalDouble tolerance, int rows, OptionalDouble difference) {}

  /**
   * Against the labels.
   *
   * @param labels all of them, elements counted
   * @param right those that the answers equal
   * @param against the version that serves, or did
   * @param rightAgainst how many of the same labels its answers equal; empty when it was not asked
   * @param notCompared why it was not asked
   */
  public record Accuracy(
      long labels,
      long right,
      Optional<String> against,
      OptionalLong rightAgainst,
      Optional<String> notCompared) {
    public double share() {
      return share(right);
    }

    public double share(long some) {
      return (double) some / labels;
    }

    boolean worse() {
      return rightAgainst.isPresent() && right < rightAgainst.getAsLong();
    }
  }

  /** As it is kept and shown: docs/reference/api.md. */
  public String json() {
    return AcceptanceJson.encode(this).toString();
  }

  public boolean accepted() {
    return refusal.isEmpty();
  }
}
