package io.cloister.appliance.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cloister.appliance.inference.InferenceRefusal.WorkerCrashed;
import io.cloister.appliance.inference.ModelStats.Work;
import io.cloister.appliance.tensor.PackedTensor;
import io.cloister.appliance.tensor.Shape;
import io.cloister.appliance.tensor.Tensors;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharingTest {
  private static final int ROWS = 32;

  private StoreFixture store;
  private Rows rows;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    store = new StoreFixture(folder);
    rows = new Rows();
  }

  @AfterEach
  void close() {
    store.close();
  }

  private ModelServer digits(String yaml, String golden) throws Exception {
    ModelServer server = store.server(64, Duration.ofSeconds(30));
    Path graph = StoreFixture.resource("digits-1.1.0.onnx");
    server.apply(store.deployment(store.add("digits", "1.1.0", graph, yaml, golden)));
    return server;
  }

  /** As many callers as rows ask for their own; those that were answered wrongly. */
  private List<Integer> mixedUp(ModelServer server) throws Exception {
    List<Long> right = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      right.add(digit(server, row));
    }
    AtomicInteger next = new AtomicInteger();
    Queue<Integer> wrong = new ConcurrentLinkedQueue<>();
    try (Load load =
        new Load(ROWS, () -> ask(server, next.getAndIncrement() % ROWS, right, wrong))) {
      load.awaitAnswers(2000);
      assertThat(load.failures()).isEmpty();
    }
    return List.copyOf(wrong);
  }

  private long ask(ModelServer server, int row, List<Long> right, Queue<Integer> wrong)
      throws Exception {
    long digit = digit(server, row);
    if (digit != right.get(row)) {
      wrong.add(row);
    }
    return digit;
  }

  private long digit(ModelServer server, int row) throws Exception {
    var result = server.infer(InferenceRequest.of("digits", rows.pixels(row)));
    return ((PackedTensor) result.outputs().getFirst()).data().getLong();
  }

  private static long quotient(ModelServer server, long a, long b) throws InferenceException {
    var result =
        server.infer(
            InferenceRequest.of(
                "divide", Tensors.int64("a", Shape.of(1), a), Tensors.int64("b", Shape.of(1), b)));
    return ((PackedTensor) result.outputs().getFirst()).data().getLong();
  }

  private static Work work(ModelServer server) {
    return server.stats().getFirst().work();
  }

  @Test
  void requestsThatWaitShareARunAndEachCallerGetsItsOwnAnswer() throws Exception {
    try (ModelServer server = digits("", rows.golden(0, 1, 2))) {
      assertThat(mixedUp(server)).isEmpty();
      Work work = work(server);
      assertThat(work.runs()).isLessThan(work.rows() / 2);
      assertThat(work.rows() / work.runs()).isLessThanOrEqualTo(16);
      assertThat(work.runNanos()).isPositive();
    }
  }

  @Test
  void aModelWhoseRowsDependOnTheirCompanyIsNeverAskedForTwoCallersAtOnce() throws Exception {
    try (ModelServer server = digits("batching: {rows: dependent}\n", rows.golden(0, 1, 2))) {
      assertThat(mixedUp(server)).isEmpty();
      assertThat(work(server).runs()).isEqualTo(work(server).rows());
    }
  }

  @Test
  void itsOwnerMayAllowIt() throws Exception {
    String yaml = "batching: {rows: dependent, across_callers: true, max_rows: 4}\n";
    try (ModelServer server = digits(yaml, rows.golden(0, 1, 2))) {
      assertThat(mixedUp(server)).isEmpty();
      assertThat(work(server).runs()).isBetween(work(server).rows() / 4, work(server).rows() - 1);
    }
  }

  @Test
  void whatNoTwoGoldenRowsHaveShownIsNotDone() throws Exception {
    try (ModelServer server = digits("", rows.golden(0))) {
      assertThat(mixedUp(server)).isEmpty();
      assertThat(work(server).runs()).isEqualTo(work(server).rows());
    }
  }

  @Test
  void aRequestThatKillsTheRunItSharesIsAskedAgainAloneAndSoAreTheOthers() throws Exception {
    Path graph = StoreFixture.resource("divide.onnx");
    String golden = Rows.file("", Rows.quotient(7, 2, 3), Rows.quotient(9, 3, 3));
    try (ModelServer server = store.server(64, Duration.ofSeconds(30))) {
      server.apply(store.deployment(store.add("divide", "1.0.0", graph, "", golden)));
      try (Load load = new Load(16, () -> quotient(server, 42, 6))) {
        load.awaitAnswers(100);
        for (int i = 0; i < 3; i++) {
          InferenceException crash =
              catchThrowableOfType(
                  InferenceException.class, () -> quotient(server, Long.MIN_VALUE, -1));
          assertThat(crash.refusal()).isEqualTo(new WorkerCrashed("it crashed with SIGFPE"));
        }
        load.awaitAnswers(100);
        // Of both runs that a request can cost: those that stood alone on the other threads.
        assertThat(load.failures())
            .hasSizeLessThanOrEqualTo(6 * Runtime.getRuntime().availableProcessors());
      }
      assertThat(work(server).runs()).isLessThan(work(server).rows());
    }
  }
}
