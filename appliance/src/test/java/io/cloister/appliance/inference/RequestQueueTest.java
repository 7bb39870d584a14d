package io.cloister.appliance.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cloister.appliance.inference.InferenceRefusal.CallerLeft;
import io.cloister.appliance.inference.InferenceRefusal.DeadlineExceeded;
import io.cloister.appliance.inference.InferenceRefusal.ModelFault;
import io.cloister.appliance.inference.InferenceRefusal.QueueFull;
import io.cloister.appliance.inference.InferenceRefusal.WaitTooLong;
import io.cloister.appliance.tensor.Shape;
import io.cloister.appliance.tensor.Tensor;
import io.cloister.appliance.tensor.Tensors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RequestQueueTest {
  private static final Duration LONG = Duration.ofMinutes(10);

  static Pending pending(String caller, int priority, Duration timeout) {
    List<Tensor> inputs = List.of(Tensors.int64("a", Shape.of(1), 1));
    return pending(caller, priority, timeout, inputs, Form.find(inputs, List.of()));
  }

  static Pending pending(
      String caller, int priority, Duration timeout, List<Tensor> inputs, Optional<Form> form) {
    InferenceRequest request =
        new InferenceRequest(
            "m", Optional.empty(), inputs, List.of(), Optional.empty(), priority, caller);
    return new Pending(request, form, 1, timeout);
  }

  static Pending pending(String caller) {
    return pending(caller, InferenceRequest.PRIORITY_DEFAULT, LONG);
  }

  private static RequestQueue queue(int waitingMax, int runningMax, long rowsMax) {
    return new RequestQueue(
        new QueueBounds(waitingMax, runningMax, Long.MAX_VALUE, rowsMax, LONG), new RunCosts(0));
  }

  private static InferenceRefusal refusal(RequestQueue queue, Pending pending) {
    return catchThrowableOfType(InferenceException.class, () -> queue.offer(pending)).refusal();
  }

  /** One that has seen a run take a while. */
  private static RequestQueue slow(int waitingMax) throws Exception {
    RequestQueue queue = queue(waitingMax, 1, 1);
    queue.offer(pending("first"));
    Run run = queue.take(() -> false).orElseThrow();
    Thread.sleep(10);
    queue.answered(run);
    return queue;
  }

  private static List<String> served(RequestQueue queue, int runs) throws Exception {
    List<String> callers = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      Run run = queue.take(() -> false).orElseThrow();
      callers.add(String.join("", run.members().stream().map(Pending::caller).toList()));
      queue.finished(run);
    }
    return callers;
  }

  @Test
  void callersTakeTurnsAndPriorityGoesBeforeThem() throws Exception {
    RequestQueue queue = queue(64, 1, 1);
    for (String caller : List.of("a", "a", "a", "b", "c", "b")) {
      queue.offer(pending(caller));
    }
    queue.offer(pending("z", 9, LONG));
    queue.offer(pending("x", 1, LONG));
    assertThat(served(queue, 8)).containsExactly("x", "a", "b", "c", "a", "b", "a", "z");
  }

  @Test
  void whatWaitsAndFitsSharesTheRun() throws Exception {
    RequestQueue queue = queue(64, 1, 4);
    for (String caller : List.of("a", "b", "c", "a", "b", "c")) {
      queue.offer(pending(caller));
    }
    assertThat(served(queue, 2)).containsExactly("abca", "bc");
  }

  @Test
  void whatCannotBePutTogetherRunsAlone() throws Exception {
    RequestQueue queue = queue(64, 1, 16);
    List<Tensor> inputs = List.of(Tensors.fp32("a", Shape.of(1, 3, 0, 700_000_000)));
    Optional<Form> wrong = pending("a").form();
    for (String caller : List.of("a", "b", "c")) {
      queue.offer(pending(caller, 5, LONG, inputs, wrong));
    }
    assertThat(served(queue, 3)).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(queue.depth()).isZero();
  }

  @Test
  void nothingWaitsInAQueueThatHasEnded() throws Exception {
    RequestQueue queue = queue(64, 1, 16);
    List<Pending> all = List.of(pending("a"), pending("b"), pending("c"), pending("d"));
    queue.offer(all.get(0));
    queue.offer(all.get(1));
    queue.offer(all.get(2));
    Run shared = queue.take(() -> false).orElseThrow();
    assertThat(shared.members()).hasSize(3);
    queue.offer(all.get(3));
    queue.end(new ModelFault("over"));
    queue.putBack(shared);
    assertThat(queue.offer(pending("e"))).isFalse();
    assertThat(queue.depth()).isZero();
    assertThat(all)
        .allSatisfy(
            each ->
                assertThat(each.answer().exceptionNow())
                    .isInstanceOfSatisfying(
                        InferenceException.class,
                        e -> assertThat(e.refusal()).isEqualTo(new ModelFault("over"))));
  }

  @Test
  void aRequestWhoseTurnWouldComeTooLateIsRefusedAtOnce() throws Exception {
    RequestQueue queue = slow(64);
    for (int i = 0; i < 10; i++) {
      queue.offer(pending("a"));
    }
    assertThat(refusal(queue, pending("b", 5, Duration.ofMillis(1))))
        .isInstanceOf(WaitTooLong.class);
  }

  @Test
  void whoIsRefusedForItsOwnTimeTakesNobodysPlace() throws Exception {
    RequestQueue queue = slow(3);
    List<Pending> much = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      much.add(pending("much"));
      queue.offer(much.getLast());
    }
    assertThat(refusal(queue, pending("little", 5, Duration.ofMillis(1))))
        .isInstanceOf(WaitTooLong.class);
    assertThat(queue.depth()).isEqualTo(4);
    for (Pending each : much) {
      Run run = queue.take(() -> false).orElseThrow();
      assertThat(run.members()).containsExactly(each);
      queue.finished(run);
    }
  }

  @Test
  void onlyWhatGoesBeforeARequestMakesItWait() throws Exception {
    RequestQueue queue = slow(1000);
    for (int i = 0; i < 500; i++) {
      queue.offer(pending("much"));
    }
    Duration hurry = Duration.ofSeconds(1);
    assertThat(refusal(queue, pending("much", 5, hurry)))
        .isInstanceOfSatisfying(
            WaitTooLong.class,
            refusal -> assertThat(refusal.expected()).isGreaterThan(Duration.ofSeconds(2)));
    assertThat(queue.offer(pending("urgent", 1, hurry))).isTrue();
    assertThat(queue.offer(pending("little", 5, hurry))).isTrue();
    assertThat(refusal(queue, pending("patient", 9, hurry))).isInstanceOf(WaitTooLong.class);
    assertThat(served(queue, 3)).containsExactly("urgent", "much", "little");
  }

  @Test
  void endsWhatNobodyWaitsForAnyMore() throws Exception {
    RequestQueue queue = queue(64, 1, 1);
    Pending running = pending("a", 5, Duration.ofMillis(20));
    Pending late = pending("b", 5, Duration.ofMillis(20));
    Pending patient = pending("b");
    queue.offer(running);
    Run run = queue.take(() -> false).orElseThrow();
    queue.offer(late);
    queue.offer(patient);
    Thread.sleep(30);
    queue.endUnwanted();
    assertThat(patient.answer().isDone()).isFalse();
    for (Pending each : List.of(running, late)) {
      assertThat(each.answer().exceptionNow())
          .isInstanceOfSatisfying(
              InferenceException.class,
              e -> assertThat(e.refusal()).isEqualTo(new DeadlineExceeded(Duration.ofMillis(20))));
    }
    queue.finished(run);
    assertThat(queue.take(() -> false).orElseThrow().members()).containsExactly(patient);
  }

  @Test
  void whoHasLeftIsLookedForAfterAWhileAndGivesUpItsPlace() throws Exception {
    AtomicBoolean gone = new AtomicBoolean(true);
    AtomicInteger looks = new AtomicInteger();
    InferenceRequest request =
        InferenceRequest.of("m", Tensors.int64("a", Shape.of(1), 1))
            .leftWhen(
                () -> {
                  looks.incrementAndGet();
                  return gone.get();
                });
    RequestQueue queue = queue(64, 1, 1);
    Pending left = new Pending(request, Optional.empty(), 1, LONG);
    queue.offer(left);
    queue.endUnwanted();
    assertThat(looks).as("most are answered before that").hasValue(0);
    Thread.sleep(60);
    gone.set(false);
    queue.endUnwanted();
    assertThat(left.answer().isDone()).isFalse();
    gone.set(true);
    queue.endUnwanted();
    assertThat(looks).hasValue(2);
    assertThat(queue.depth()).isZero();
    assertThat(left.answer().exceptionNow())
        .isInstanceOfSatisfying(
            InferenceException.class, e -> assertThat(e.refusal()).isEqualTo(new CallerLeft()));
  }

  @Test
  void whoAsksMuchGivesUpAPlaceInAFullQueueToWhoAsksLittle() throws Exception {
    RequestQueue queue = queue(4, 0, 1);
    List<Pending> much = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      much.add(pending("much"));
      queue.offer(much.getLast());
    }
    queue.offer(pending("little"));
    assertThat(much.getLast().answer()).isCompletedExceptionally();
    queue.offer(pending("little"));
    assertThat(refusal(queue, pending("little"))).isInstanceOf(QueueFull.class);
    assertThat(refusal(queue, pending("much"))).isInstanceOf(QueueFull.class);
    assertThat(queue.depth()).isEqualTo(4);
  }

  @Test
  void whoReadsAnAnswerTakesTheNextRunOnlyWhereOneMayGo() throws Exception {
    RequestQueue queue = queue(64, 1, 1);
    queue.offer(pending("a"));
    queue.offer(pending("b"));
    Run first = queue.take(() -> false).orElseThrow();
    Run second = queue.next(first).orElseThrow();
    assertThat(second.members().getFirst().caller()).isEqualTo("b");
    assertThat(queue.next(second)).isEmpty();
  }

  @Test
  void oneCallersRequestsAreNotTheCompanyOfAllOthers() throws Exception {
    RequestQueue queue = queue(64, 1, 4);
    for (String caller : List.of("a", "a", "a", "a", "a", "a", "b", "c")) {
      queue.offer(pending(caller));
    }
    assertThat(served(queue, 2)).containsExactly("abca", "aaaa");
  }

  @Test
  void whoIsGoneIsAskedForNoMore() throws Exception {
    RequestQueue queue = queue(64, 1, 16);
    List<Pending> all =
        List.of(pending("a"), pending("b"), pending("c", 5, Duration.ofMillis(200)), pending("d"));
    for (Pending each : all) {
      queue.offer(each);
    }
    Run shared = queue.take(() -> false).orElseThrow();
    assertThat(shared.members()).hasSize(4);
    queue.withdraw(all.get(1));
    Thread.sleep(250);
    shared.members().forEach(Pending::standAlone);
    queue.putBack(shared);
    assertThat(served(queue, 2)).containsExactlyInAnyOrder("a", "d");
    assertThat(all.get(2).answer().exceptionNow()).isInstanceOf(InferenceException.class);
    assertThat(queue.depth()).isZero();
  }

  @Test
  void whoWaitsForTheLastAnswerOfAClosedQueueIsWokenByIt() throws Exception {
    RequestQueue queue = queue(64, 1, 1);
    queue.offer(pending("a"));
    Run last = queue.take(() -> false).orElseThrow();
    FutureTask<Optional<Run>> end = new FutureTask<>(() -> queue.take(() -> false));
    queue.close();
    Thread waiting = Thread.ofPlatform().start(end);
    while (waiting.getState() != Thread.State.WAITING) {
      Thread.sleep(1);
    }
    assertThat(queue.next(last)).isEmpty();
    assertThat(end.get(10, TimeUnit.SECONDS)).isEmpty();
  }
}
