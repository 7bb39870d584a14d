package io.cloister.appliance.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.appliance.database.DatabaseFault;
import io.cloister.appliance.inference.TuneOutcome.Reason;
import io.cloister.appliance.inference.TuneOutcome.Refused;
import io.cloister.appliance.model.Host;
import io.cloister.appliance.model.ModelRefused;
import io.cloister.appliance.model.ModelVersion;
import io.cloister.appliance.model.Tuning;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings that were chosen on this machine: when they are used, and when they are not. */
class ChosenSettingsTest {
  private TuningFixture fixture;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    fixture = new TuningFixture(folder);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aChoiceIsUsedAtTheStartAndByTheWorkerThatFollowsOneThatDied() throws Exception {
    ModelVersion digits = fixture.digits();
    fixture.choose(digits, TuningFixture.oneAtOnce(), TuningFixture.SMALL);
    try (ModelServer server = fixture.store().server(TuningFixture.SMALL)) {
      server.apply(fixture.store().deployment(digits));
      assertThat(TuningFixture.inEffect(server).settings()).isEqualTo(TuningFixture.oneAtOnce());
      assertThat(fixture.digit(server, 0)).isEqualTo(fixture.rows().digit(0));
      long pid = server.models().getFirst().pid().orElseThrow();
      ProcessHandle.of(pid).orElseThrow().destroyForcibly();
      while (server.models().getFirst().pid().orElse(pid) == pid) {
        Thread.sleep(10);
      }
      assertThat(fixture.digit(server, 1)).isEqualTo(fixture.rows().digit(1));
      assertThat(TuningFixture.inEffect(server).settings()).isEqualTo(TuningFixture.oneAtOnce());
    }
  }

  @Test
  void whatWasBegunAheadWithThePackagesSettingsIsNotUsedForAnotherChoice() throws Exception {
    ModelVersion digits = fixture.digits();
    Workers workers = fixture.store().workers();
    workers.begin(List.of(digits));
    Workers.Loaded loaded = workers.open(digits, Optional.of(TuningFixture.oneAtOnce()));
    assertThat(loaded.settings()).isEqualTo(TuningFixture.oneAtOnce());
    assertThat(loaded.files().config().sharing().rowsMax()).isEqualTo(8);
    loaded.worker().kill("the test is over");
    while (ProcessHandle.current().children().findAny().isPresent()) {
      Thread.sleep(10);
    }
  }

  @Test
  void aChoiceMadeWithAnotherEngineIsNotUsed() throws Exception {
    assertThat(unused(new Host("1.0.0", TuningFixture.SMALL.processors(), "")))
        .contains("ONNX Runtime 1.0.0", "this is " + TuningFixture.SMALL.engine());
  }

  @Test
  void aChoiceMadeWithOtherProcessorsIsNotUsed() throws Exception {
    assertThat(unused(new Host(TuningFixture.SMALL.engine(), 64, "")))
        .contains("64 processors", "here are 1");
  }

  @Test
  void aChoiceMadeOnAnotherProcessorIsNotUsed() throws Exception {
    assertThat(
            unused(
                new Host(
                    TuningFixture.SMALL.engine(), TuningFixture.SMALL.processors(), "another")))
        .contains("on the processor another", "this is of the test");
  }

  @Test
  void aStartBeginsATunedModelOnceAndWithItsTuning() throws Exception {
    ModelVersion digits = fixture.digits();
    fixture.choose(digits, TuningFixture.oneAtOnce(), TuningFixture.SMALL);
    try (ModelServer server = fixture.store().server(TuningFixture.SMALL)) {
      server.apply(fixture.store().deployment(digits));
    }
    Workers next = fixture.store().workers();
    next.begin(List.of(digits));
    while (ProcessHandle.current().children().findAny().isEmpty()) {
      Thread.sleep(5);
    }
    long begun = ProcessHandle.current().children().findAny().orElseThrow().pid();
    try (ModelServer server = fixture.store().server(next, TuningFixture.SMALL)) {
      server.apply(fixture.store().deployment(digits));
      assertThat(server.models().getFirst().pid()).hasValue(begun);
      assertThat(TuningFixture.inEffect(server).settings()).isEqualTo(TuningFixture.oneAtOnce());
    }
  }

  @Test
  void aChoiceThatCannotBeStoredOrTakenBackChangesNothing() throws Exception {
    ModelVersion digits = fixture.digits();
    fixture.choose(digits, TuningFixture.oneAtOnce(), TuningFixture.SMALL);
    try (ModelServer server = fixture.store().server(TuningFixture.SMALL);
        Tuner tuner = fixture.tuner(server)) {
      server.apply(fixture.store().deployment(digits));
      long pid = server.models().getFirst().pid().orElseThrow();
      fixture.store().holdDatabase();
      Refused refused = (Refused) tuner.untune("digits");
      assertThat(refused.kind()).isEqualTo(Reason.NOT_STORED);
      assertThat(refused.reason()).contains("an update is taking the data over");
      var other =
          TuningFixture.tuning(digits, TuningFixture.oneAtOnce().withRows(4), TuningFixture.SMALL);
      assertThatThrownBy(() -> server.retune(digits, Optional.of(other)))
          .isInstanceOf(DatabaseFault.class);
      TuningFixture.awaitOneWorker();
      assertThat(server.models().getFirst().pid()).hasValue(pid);
      assertThat(TuningFixture.inEffect(server).settings()).isEqualTo(TuningFixture.oneAtOnce());
      assertThat(
              fixture
                  .store()
                  .records(TuningFixture.SMALL)
                  .tunings()
                  .find(digits)
                  .orElseThrow()
                  .settings())
          .isEqualTo(TuningFixture.oneAtOnce());
      assertThat(fixture.digit(server, 0)).isEqualTo(fixture.rows().digit(0));
    }
  }

  @Test
  void whatWasUnloadedOrUpdatedMeanwhileIsLeftAlone() throws Exception {
    ModelVersion digits = fixture.digits();
    Optional<Tuning> chosen =
        Optional.of(TuningFixture.tuning(digits, TuningFixture.oneAtOnce(), TuningFixture.SMALL));
    try (ModelServer server = fixture.store().server(TuningFixture.SMALL)) {
      server.apply(fixture.store().deployment(digits));
      server.unload("digits");
      assertThatThrownBy(() -> server.retune(digits, chosen))
          .isInstanceOf(ModelRefused.class)
          .hasMessageContaining("it was unloaded");
      server.apply(
          fixture
              .store()
              .deployment(
                  fixture
                      .store()
                      .digits("1.0.0", TuningFixture.PATIENT, fixture.rows().golden(0))));
      assertThatThrownBy(() -> server.retune(digits, chosen))
          .hasMessageContaining("digits 1.0.0 serves by now");
      assertThat(TuningFixture.inEffect(server).tunedAt()).isEmpty();
      assertThat(fixture.store().records(TuningFixture.SMALL).tunings().find(digits)).isEmpty();
    }
  }

  private String unused(Host other) throws Exception {
    ModelVersion digits = fixture.digits();
    fixture.choose(digits, TuningFixture.oneAtOnce(), other);
    try (ModelServer server = fixture.store().server(TuningFixture.SMALL)) {
      server.apply(fixture.store().deployment(digits));
      assertThat(TuningFixture.inEffect(server).settings()).isNotEqualTo(TuningFixture.oneAtOnce());
      assertThat(fixture.digit(server, 0)).isEqualTo(fixture.rows().digit(0));
      return TuningFixture.inEffect(server).unused().orElseThrow();
    }
  }
}
