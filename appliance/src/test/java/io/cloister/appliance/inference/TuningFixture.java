package io.cloister.appliance.inference;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.appliance.config.Documents;
import io.cloister.appliance.inference.TuneOutcome.Done;
import io.cloister.appliance.model.Host;
import io.cloister.appliance.model.ModelVersion;
import io.cloister.appliance.model.RunSettings;
import io.cloister.appliance.model.Tuning;
import io.cloister.appliance.tensor.PackedTensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** A model of digits that is tuned, on a small machine. */
final class TuningFixture implements AutoCloseable {
  /** Of low priority, on a busy machine. */
  static final String PATIENT = "limits: {load_seconds: 600, request_seconds: 600}\n";

  static final Duration TIME = Duration.ofMinutes(10);
  private static final Duration ROUND = Duration.ofMillis(250);

  /** Few candidates are tried on it. */
  static final Host SMALL = new Host(StoreFixture.HOST.engine(), 1, "of the test");

  private final StoreFixture store;
  private final Rows rows;

  TuningFixture(Path folder) throws IOException {
    this.store = new StoreFixture(folder);
    this.rows = new Rows();
  }

  StoreFixture store() {
    return store;
  }

  Rows rows() {
    return rows;
  }

  ModelVersion digits() throws Exception {
    return store.digits("1.1.0", PATIENT, rows.golden(0, 1, 2));
  }

  long digit(ModelServer server, int row) throws Exception {
    InferenceResult result = server.infer(InferenceRequest.of("digits", rows.pixels(row)));
    return ((PackedTensor) result.outputs().getFirst()).data().getLong();
  }

  Tuner tuner(ModelServer server) {
    return new Tuner(server, store.workers(), store.records(SMALL), InstantSource.system(), ROUND);
  }

  static InEffect inEffect(ModelServer server) {
    return server.models().getFirst().settings().orElseThrow();
  }

  void choose(ModelVersion model, RunSettings settings, Host host) {
    store.records(host).tunings().write(tuning(model, settings, host));
  }

  static Tuning tuning(ModelVersion model, RunSettings settings, Host host) {
    Instant at = Instant.parse("2026-11-02T08:00:00Z");
    return new Tuning(model.manifestSha256(), settings, host, at, "{}");
  }

  /** Waits until the serving worker is the only one. */
  static void awaitOneWorker() throws InterruptedException {
    while (ProcessHandle.current().children().count() > 1) {
      Thread.sleep(10);
    }
  }

  static RunSettings oneAtOnce() {
    return new RunSettings(1, 1, false, List.of(), 8);
  }

  static JsonNode evidence(TuneOutcome outcome) throws Exception {
    return Documents.parseJson(((Done) outcome).evidence().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    store.close();
  }
}
