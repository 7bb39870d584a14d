package io.cloister.appliance;

import io.cloister.appliance.bench.HttpCaller;
import io.cloister.appliance.bench.Inputs;
import io.cloister.appliance.bench.Load;
import io.cloister.appliance.bench.Peer;
import io.cloister.appliance.bench.ProcessTree;
import io.cloister.appliance.bench.RawEngine;
import io.cloister.appliance.bench.Round;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.net.SocketFactory;

/**
 * What an answer costs, in turns: the appliance with and without TLS, raw ONNX Runtime, and a Node
 * server. Run by {@code scripts/bench serving}.
 */
public final class ServingBench {
  private static final Duration WARM_UP = Duration.ofSeconds(Integer.getInteger("warmup", 15));
  private static final int MANY = 64;

  private final Path release;
  private final Optional<Path> node;
  private final Path models;
  private final int rounds;
  private final Duration time;
  private final Path scratch;
  private final String only;

  private ServingBench(List<String> args) {
    release = Path.of(args.get(0));
    models = Path.of(args.get(1));
    scratch = Path.of(args.get(2));
    node = Optional.of(Path.of(args.get(3))).filter(Files::isDirectory);
    rounds = Integer.parseInt(args.get(4));
    time = Duration.ofSeconds(Long.parseLong(args.get(5)));
    only = args.get(6);
  }

  /**
   * RELEASE MODELS SCRATCH NODE ROUNDS SECONDS ONLY; no Node server where that is no folder, and
   * only the loads whose names have ONLY in them.
   */
  public static void main(String[] args) throws Exception {
    new ServingBench(List.of(args)).run();
  }

  private Path miniLm() {
    return models.resolve("all-minilm-l6-v2-q.onnx");
  }

  private void run() throws Exception {
    BenchRoot plain = new BenchRoot(scratch.resolve("plain"), miniLm(), false);
    BenchRoot tls = new BenchRoot(scratch.resolve("tls"), miniLm(), true);
    try (Peer open = plain.start(release);
        Peer closed = tls.start(release)) {
      Served cloister = new Served(plain, open.tree());
      Served overTls = new Served(tls, closed.tree());
      System.out.printf("idle: server and 3 workers %d MiB%n%n", open.tree().memoryKib() >> 10);
      digits(cloister, overTls);
      miniLm(32, MANY, cloister, overTls);
      miniLm(128, MANY, cloister, overTls);
      miniLm(32, 1, cloister, overTls);
      System.out.printf("then: server and 3 workers %d MiB%n", open.tree().memoryKib() >> 10);
    }
  }

  /** A running appliance. */
  private record Served(BenchRoot root, ProcessTree tree) {
    Load json(String model, Inputs inputs, int callers) throws Exception {
      return load(model, "", inputs.json(), callers);
    }

    Load binary(String model, Inputs inputs, int callers) throws Exception {
      byte[] head = inputs.binaryHead();
      byte[] bytes = inputs.bytes();
      byte[] body = new byte[head.length + bytes.length];
      System.arraycopy(head, 0, body, 0, head.length);
      System.arraycopy(bytes, 0, body, head.length, bytes.length);
      return load(model, "Inference-Header-Content-Length: " + head.length + "\r\n", body, callers);
    }

    private Load load(String model, String headers, byte[] body, int callers) throws Exception {
      String path = "/v2/models/" + model + "/infer";
      byte[] request = HttpCaller.request(path, root.authorization() + headers, body);
      SocketFactory sockets = root.sockets();
      return new Load(() -> new HttpCaller(sockets, root.port(), request), callers, tree);
    }
  }

  private static Load raw(RawEngine engine, Inputs inputs, int callers) {
    return new Load(() -> () -> engine.run(inputs), callers, ProcessTree.own());
  }

  private static Load node(Peer server, int port, boolean json, Inputs inputs, int callers) {
    String list =
        inputs.list().stream()
            .map(input -> input.head() + "}")
            .collect(Collectors.joining(",", "X-Inputs: [", "]\r\n"));
    byte[] request =
        json
            ? HttpCaller.request("/json", "", inputs.json())
            : HttpCaller.request("/bytes", list, inputs.bytes());
    return new Load(
        () -> new HttpCaller(SocketFactory.getDefault(), port, request), callers, server.tree());
  }

  private void digits(Served cloister, Served tls) throws Exception {
    Path graph = InstalledRoot.MODELS.resolve("digits-1.0.0.onnx");
    Inputs inputs = Inputs.pixels();
    Map<String, Load> loads = new LinkedHashMap<>();
    try (RawEngine engine = RawEngine.byDefault(graph);
        Closer peers = new Closer()) {
      loads.put("raw, default, one at a time", raw(engine, inputs, 1));
      loads.put("cloister, JSON", cloister.json("digits", inputs, MANY));
      loads.put("cloister, binary", cloister.binary("digits", inputs, MANY));
      loads.put("cloister, JSON, TLS", tls.json("digits", inputs, MANY));
      if (node.isPresent()) {
        int port = BenchRoot.freePort();
        Peer server = peers.add(Peer.node(node.get(), port, graph));
        loads.put("node, JSON", node(server, port, true, inputs, MANY));
        loads.put("node, bytes", node(server, port, false, inputs, MANY));
      }
      measure("a tiny model (digits), 64 callers", loads);
    }
  }

  private void miniLm(int tokens, int callers, Served cloister, Served tls) throws Exception {
    Inputs inputs = Inputs.tokens(tokens);
    Map<String, Load> loads = new LinkedHashMap<>();
    try (RawEngine byDefault = RawEngine.byDefault(miniLm());
        RawEngine tuned = RawEngine.tuned(miniLm(), BenchRoot.FUSIONS);
        Closer peers = new Closer()) {
      int processors = Runtime.getRuntime().availableProcessors();
      loads.put("raw, default, one at a time", raw(byDefault, inputs, 1));
      loads.put("raw, tuned", raw(tuned, inputs, Math.min(callers, processors)));
      loads.put("cloister", cloister.binary("minilm", inputs, callers));
      loads.put("cloister, shared runs", cloister.binary("minilm-shared", inputs, callers));
      loads.put("cloister, TLS", tls.binary("minilm", inputs, callers));
      if (node.isPresent()) {
        int port = BenchRoot.freePort();
        Peer server = peers.add(Peer.node(node.get(), port, miniLm()));
        loads.put("node", node(server, port, false, inputs, callers));
      }
      String who = callers == 1 ? "1 caller" : callers + " callers";
      measure("MiniLM int8, %d tokens, %s".formatted(tokens, who), loads);
    }
  }

  private void measure(String title, Map<String, Load> loads) throws Exception {
    loads.keySet().removeIf(name -> !(title + ": " + name).contains(only));
    if (loads.isEmpty()) {
      return;
    }
    for (Load load : loads.values()) {
      load.run(WARM_UP);
    }
    Map<String, List<Round>> all = new LinkedHashMap<>();
    for (int i = 0; i < rounds; i++) {
      for (Map.Entry<String, Load> each : loads.entrySet()) {
        Round round = each.getValue().run(time);
        all.computeIfAbsent(each.getKey(), _ -> new ArrayList<>()).add(round);
      }
    }
    System.out.println(title);
    System.out.printf(
        "  %-28s %10s %9s %9s %11s %11s %9s %9s%n",
        "", "answers/s", "p50 ms", "p99 ms", "server µs", "caller µs", "CPU ×", "rate ×");
    List<Round> first = all.values().iterator().next();
    all.forEach((name, own) -> print(name, own, first));
    System.out.println();
  }

  /** The ratios say how many times cheaper and faster it is than the first, round by round. */
  private static void print(String name, List<Round> own, List<Round> first) {
    List<Double> cpu = new ArrayList<>();
    List<Double> rate = new ArrayList<>();
    for (int i = 0; i < own.size(); i++) {
      cpu.add(first.get(i).cpuMicros() / own.get(i).cpuMicros());
      rate.add(own.get(i).perSecond() / first.get(i).perSecond());
    }
    System.out.printf(
        "  %-28s %10.0f %9.3f %9.3f %11.1f %11.1f %9.2f %9.2f%n",
        name,
        median(own, Round::perSecond),
        median(own, Round::p50Millis),
        median(own, Round::p99Millis),
        median(own, Round::serverMicros),
        median(own, Round::clientMicros),
        median(cpu, Double::doubleValue),
        median(rate, Double::doubleValue));
  }

  private static <T> double median(List<T> all, ToDoubleFunction<T> figure) {
    double[] sorted = all.stream().mapToDouble(figure).sorted().toArray();
    return IntStream.of(sorted.length / 2).mapToDouble(i -> sorted[i]).findFirst().orElseThrow();
  }

  /** Ends peers that may or may not have been started. */
  private static final class Closer implements AutoCloseable {
    private final List<Peer> peers = new ArrayList<>();

    Peer add(Peer peer) {
      peers.add(peer);
      return peer;
    }

    @Override
    public void close() {
      peers.forEach(Peer::close);
    }
  }
}
