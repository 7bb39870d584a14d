package io.cloister.installer.effects;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cloister.installer.effects.Invariants.Trust;
import io.cloister.installer.effects.Operation.Stage;
import io.cloister.installer.testing.Operator.Seen;
import io.cloister.installer.testing.Tree;
import io.cloister.repo.testing.Effect;
import io.cloister.repo.testing.Effect.Kind;
import io.cloister.repo.testing.Fault;
import io.cloister.repo.testing.FaultyFileSystem;
import io.cloister.repo.testing.PowerCut;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A fault at an effect of an operation, then the start of the machine: it is at rest, and the
 * operation succeeds. {@code -Deffects=all} tries all of them, {@code -Deffects=N} so many of each
 * operation and fault, chosen by {@code -Dseed}.
 */
final class EveryEffectTest {
  private static final String CHOSEN = System.getProperty("effects", "1");

  @TempDir Path scratch;
  private Laboratory machine;
  private Invariants invariants;

  @BeforeEach
  void aMachine() throws Exception {
    machine = new Laboratory(scratch);
    invariants = new Invariants(machine.paths());
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
    System.out.printf("%s: %d effects, seed %d%n", operation, effects.size(), seed);
    List<Trial> trials = new Choice(operation, effects, new Random(seed)).trials(CHOSEN);
    List<String> failed = new ArrayList<>();
    for (Trial trial : trials) {
      try {
        check(trial, new Random(seed));
      } catch (AssertionError | Exception e) {
        failed.add(trial + ": " + e);
        System.out.println("FAILED " + trial + ": " + e);
      }
      machine.killProcesses();
    }
    System.out.printf("%s: %d trials%n", operation, trials.size());
    assertThat(failed).as("seed %d", seed).isEmpty();
  }

  private List<Effect> effects(Operation operation) throws Exception {
    machine.restore(operation.from());
    FaultyFileSystem disk = FaultyFileSystem.sound();
    assertThat(machine.does(operation, disk).exit()).isZero();
    done(operation);
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
      done(operation);
    } else if (trial.fault() == Fault.ERROR && operation.from().serves() && operation.to().serves()) {
      serves();
    }
    if (!trial.serviceLives()) {
      machine.killProcesses();
    }
    disk.losePower(luck);
    machine.types("recover", "--start");
    if (invariants.active().isMissingNode()) {
      goesOnFromNothing(operation);
    } else {
      atRest(before);
      if (!Invariants.isOf(invariants.active(), operation.to())) {
        assertThat(machine.does(operation, FaultyFileSystem.sound())).matches(s -> s.exit() == 0);
      }
      done(operation);
    }
  }

  private Optional<Seen> attempt(Operation operation, FaultyFileSystem disk) throws Exception {
    try {
      return Optional.of(machine.does(operation, disk));
    } catch (PowerCut e) {
      return Optional.empty();
    }
  }

  /** Of a first install or an uninstall that were interrupted the next command leaves nothing. */
  private void goesOnFromNothing(Operation operation) throws Exception {
    assertThat(operation.from() == Stage.BARE || operation.to() == Stage.BARE || operation.to() == Stage.KEPT).isTrue();
    machine.types("update", "nothing");
    assertThat(machine.processes()).isEmpty();
    if (operation.from() == Stage.BARE) {
      bare();
      assertThat(machine.does(operation, FaultyFileSystem.sound()).err()).isEmpty();
    }
    done(operation);
  }

  private void atRest(Trust before) throws Exception {
    serves();
    invariants.rest();
    invariants.trustIsNoLowerThan(before);
  }

  /** What slots.json names serves, and nothing else runs. */
  private void serves() throws Exception {
    Seen seen = machine.types("status", "--json");
    assertThat(seen.exit()).as(seen.err()).isZero();
    JsonNode service =
        new JsonMapper().readTree(seen.out().lines().findFirst().orElseThrow()).at("/result/service");
    assertThat(service.path("ready").asBoolean()).isTrue();
    assertThat(service.path("generation").asLong())
        .isEqualTo(invariants.active().at("/deployment/generation").asLong());
    assertThat(machine.processes()).hasSize(1);
  }

  private void done(Operation operation) throws Exception {
    if (operation.to().serves()) {
      assertThat(Invariants.isOf(invariants.active(), operation.to())).as("it is done").isTrue();
      serves();
      invariants.rest();
    } else if (operation.to() == Stage.BARE) {
      assertThat(machine.processes()).isEmpty();
      bare();
    } else {
      assertThat(machine.processes()).isEmpty();
    }
  }

  /** Empty folders that an interruption in the first moment left are nobody's. */
  private void bare() throws Exception {
    assertThat(Tree.of(machine.paths().root())).isEqualTo(Tree.of(machine.copyOf(Stage.BARE)));
  }
}
