package io.cloister.appliance.soak;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/**
 * Who comes while it lasts: callers who want answers, and callers who want to do harm. Each comes
 * again and again; what should not have happened to one is kept.
 */
public final class Visitors {
  private static final int CROWD = 10_000;
  private static final int FAULTS_MAX = 50;

  /** Its worker ended with it, or did not come back from the one before within its time. */
  private static final Set<Integer> LOST = Set.of(503, 504);

  private static final Duration AT_ONCE = Duration.ZERO;
  private static final Duration STAY = Duration.ofSeconds(3);

  private final Supplier<Caller> callers;
  private final List<Thread> threads = new ArrayList<>();
  private final Queue<String> faults = new ConcurrentLinkedQueue<>();
  private final Map<String, Integer> visits = new TreeMap<>();
  private volatile boolean ended;

  /** What is done at each visit. */
  @FunctionalInterface
  private interface Visit {
    void by(Caller caller) throws Exception;
  }

  public Visitors(Supplier<Caller> callers) {
    this.callers = callers;
  }

  /** All of them begin. */
  public void come(String digits) {
    for (int i = 0; i < 2; i++) {
      come("digits", AT_ONCE, caller -> ask(caller, "digits", digits));
      HostileRequests hostile = new HostileRequests(i);
      come("hostile", AT_ONCE, caller -> provoke(caller, hostile.next()));
      come("endless body", Duration.ofMillis(500), Visitors::endless);
    }
    String text = "{\"inputs\":[{\"name\":\"text\",\"datatype\":\"BYTES\",\"shape\":[1],";
    come("text", AT_ONCE, caller -> ask(caller, "text", text + "\"data\":[\"hello\"]}]}"));
    come("echo", Duration.ofMillis(5), caller -> ask(caller, "echo", HostileRequests.WELL));
    come("hang up", Duration.ofMillis(50), Visitors::hangUp);
    comeOverGrpc();
    come("kill a worker", Duration.ofSeconds(7), _ -> kill());
    come("unload and load", Duration.ofSeconds(5), _ -> reload());
    come("crowd", Duration.ofSeconds(15), Visitors::crowd);
    for (int i = 0; i < 8; i++) {
      come("byte by byte", AT_ONCE, this::dribble);
    }
  }

  /** Likewise over HTTP/2. */
  private void comeOverGrpc() {
    come("gRPC", AT_ONCE, caller -> none("gRPC", caller.overGrpc().ask()));
    come("gRPC given up", Duration.ofMillis(20), caller -> caller.overGrpc().giveUp());
    come("gRPC hostile", AT_ONCE, caller -> none("gRPC hostile", caller.overGrpc().provoke()));
    come("HTTP/2 hostile", Duration.ofMillis(10), caller -> caller.overGrpc().harm(caller));
  }

  private void come(String name, Duration pause, Visit visit) {
    threads.add(Thread.ofPlatform().name(name).start(() -> visit(name, pause, visit)));
  }

  private void visit(String name, Duration pause, Visit visit) {
    try (Caller caller = callers.get()) {
      while (!ended) {
        visit.by(caller);
        count(name);
        Thread.sleep(pause);
      }
    } catch (Exception e) {
      if (!ended) {
        fault(name + ": " + e);
      }
    }
  }

  private void count(String name) {
    synchronized (visits) {
      visits.merge(name, 1, Integer::sum);
    }
  }

  private void fault(String what) {
    if (faults.size() < FAULTS_MAX) {
      faults.add(what);
    }
  }

  private void none(String name, Optional<String> wrong) {
    wrong.ifPresent(what -> fault(name + ": " + what));
  }

  /** Must be answered, whatever the others do. */
  private void ask(Caller caller, String model, String body) throws Exception {
    HttpResponse<String> answer = caller.post("/v2/models/" + model + "/infer", body);
    if (answer.statusCode() != 200) {
      fault(model + ": " + answer.statusCode() + " " + answer.body());
    }
  }

  private void provoke(Caller caller, HostileRequests.Request request) throws Exception {
    HttpResponse<String> answer = caller.post(request.path(), request.headers(), request.body());
    if (answer.statusCode() >= 500) {
      fault("hostile: " + answer.statusCode() + " " + answer.body());
    }
  }

  private void kill() throws Exception {
    String division =
        """
        {"inputs":[{"name":"a","datatype":"INT64","shape":[1],"data":[%d]},
          {"name":"b","datatype":"INT64","shape":[1],"data":[-1]}]}"""
            .formatted(Long.MIN_VALUE);
    HttpResponse<String> answer = insist("/v2/models/divide/infer", division);
    if (!LOST.contains(answer.statusCode())) {
      fault("kill a worker: " + answer.statusCode() + " " + answer.body());
    }
  }

  private void reload() throws Exception {
    for (String what : List.of("unload", "load")) {
      HttpResponse<String> answer = insist("/v2/repository/models/spare/" + what, "{}");
      if (answer.statusCode() != 200) {
        fault(what + ": " + answer.statusCode() + " " + answer.body());
      }
    }
  }

  private static void hangUp(Caller caller) {
    try (Socket socket = caller.protectedSocket()) {
      socket
          .getOutputStream()
          .write(caller.head("/v2/models/digits/infer", "Content-Length: 9999"));
    } catch (IOException e) {
      // Sent away, as others in a crowd are.
    }
  }

  /** A newcomer may be sent away while there is a crowd, and comes again. */
  private HttpResponse<String> insist(String path, String body)
      throws IOException, InterruptedException {
    while (true) {
      try (Caller once = callers.get()) {
        return once.post(path, body);
      } catch (IOException e) {
        if (ended) {
          throw e;
        }
      }
    }
  }

  /** Until the appliance has had enough of it. */
  private void dribble(Caller caller) throws InterruptedException {
    byte[] head = caller.head("/v2/models/digits/infer", "Content-Length: 9999");
    try (Socket socket = caller.protectedSocket()) {
      for (int i = 0; !ended; i++) {
        socket.getOutputStream().write(i < head.length ? head[i] : ' ');
        Thread.sleep(100);
      }
    } catch (IOException e) {
      // Sent away, as it should be.
    }
  }

  private static void endless(Caller caller) {
    byte[] chunk = ("ffff\r\n" + " ".repeat(0xffff) + "\r\n").getBytes(UTF_8);
    try (Socket socket = caller.protectedSocket()) {
      socket
          .getOutputStream()
          .write(caller.head("/v2/models/digits/infer", "Transfer-Encoding: chunked"));
      while (true) {
        socket.getOutputStream().write(chunk);
      }
    } catch (IOException e) {
      // Sent away, as it should be.
    }
  }

  /** Very many who say nothing. */
  private static void crowd(Caller caller) throws InterruptedException {
    List<Socket> crowd = new ArrayList<>();
    try {
      for (int i = 0; i < CROWD; i++) {
        crowd.add(caller.bareSocket());
      }
      Thread.sleep(STAY);
    } catch (IOException e) {
      // As many as there is room for.
    } finally {
      crowd.forEach(Visitors::leave);
    }
  }

  private static void leave(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // Then it is closed.
    }
  }

  public List<String> faults() {
    return List.copyOf(faults);
  }

  /** How often each came. */
  public Map<String, Integer> visits() {
    synchronized (visits) {
      return new TreeMap<>(visits);
    }
  }

  /** Waits until all have gone. */
  public void end() throws InterruptedException {
    ended = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
