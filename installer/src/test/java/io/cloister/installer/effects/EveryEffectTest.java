package io.cloister.installer.effects;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.installer.effects.Invariants.Trust;
import io.cloister.installer.effects.Operation.Stage;
import io.cloister.installer.testing.Operator.Seen;
import io.cloister.repo.testing.Effect;
import io.cloister.repo.testing.Fault;
import io.cloister.repo.testing.FaultyFileSystem;
import io.cloister.repo.testing.PowerCut;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A fault at an effect of an operation, then the start of the machine: it is at rest, and the
 * operation succeeds. {@code -Deffects=all} tries every effect, {@code -Deffects=N} so many of each
 * operation and fault, chosen by {@code -Dseed}.
 */
final class EveryEffectTest {
  private static final String WANTED = System.getProperty("effects", "1");

  @TempDir Path scratch;
  private Laboratory machine;
  private Invariants invariants;

  @BeforeEach
  void aMachine() throws Exception {
    machine = new Laboratory(scratch);
    invariants = new Invariants(machine);
  }

  @AfterEach
  void nothingKeepsRunning() {
    machine.killProcesses();
  }

  @ParameterizedTest
  @EnumSource
  void afterAFaultAtAnEffectTheMachineIsAtRestAndTheOperationSucceeds(Operation operation)
      throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    List<Effect> effects = effects(operation);
    List<Trial> trials = new Choice(operation, effects, new Random(seed)).trials(WANTED);
    List<String> failed = new ArrayList<>();
    for (Trial trial : trials) {
      try {
        check(trial, new Random(seed + trial.at()));
      } catch (AssertionError | Exception e) {
        failed.add(trial + ": " + e + "\n" + List.of(e.getStackTrace()));
      }
      machine.killProcesses();
    }
    System.out.printf(
        "%s: %d effects, %d trials, -Dseed=%d%n", operation, effects.size(), trials.size(), seed);
    assertThat(failed).as("-Dseed=%d", seed).isEmpty();
  }

  private List<Effect> effects(Operation operation) throws Exception {
    machine.restore(operation.from());
    FaultyFileSystem disk = FaultyFileSystem.sound();
    assertThat(machine.does(operation, disk).err()).isEmpty();
    invariants.reached(operation.to());
    machine.killProcesses();
    return disk.begun();
  }

  private void check(Trial trial, Random luck) throws Exception {
    Operation operation = trial.operation();
    machine.restore(operation.from());
    Trust before = invariants.trust();
    FaultyFileSystem disk = FaultyFileSystem.with(trial.fault(), trial.at(), machine.shadow());
    Optional<Seen> seen = attempt(operation, disk);
    if (seen.isPresent() && seen.get().exit() == 0) {
      invariants.reached(operation.to());
    } else if (trial.fault() == Fault.ERROR && operation.changes()) {
      invariants.serves();
    }
    if (!trial.serviceLives()) {
      machine.killProcesses();
    }
    disk.losePower(luck);
    machine.types("recover", "--start");
    if (invariants.active().isMissingNode()) {
      goesOnFromNothing(operation);
    } else {
      invariants.rest();
      invariants.trustIsNoLowerThan(before);
      goesOn(operation);
    }
    invariants.reached(operation.to());
  }

  /** Empty when the process came to its end. */
  private Optional<Seen> attempt(Operation operation, FaultyFileSystem disk) throws Exception {
    try {
      return Optional.of(machine.does(operation, disk));
    } catch (PowerCut e) {
      return Optional.empty();
    }
  }

  private void goesOn(Operation operation) throws Exception {
    if (!Invariants.isOf(invariants.active(), operation.to())) {
      assertThat(machine.does(operation, FaultyFileSystem.sound()).err()).isEmpty();
    }
  }

  /**
   * Where a first install or an uninstall was interrupted, any command that changes something takes
   * away what is left.
   */
  private void goesOnFromNothing(Operation operation) throws Exception {
    assertThat(operation.changes()).as("what serves is lost").isFalse();
    machine.types("update", "nothing");
    Stage start = operation.to().serves() ? operation.from() : operation.to();
    invariants.reached(start);
    if (start != operation.to()) {
      assertThat(machine.does(operation, FaultyFileSystem.sound()).err()).isEmpty();
    }
  }
}
