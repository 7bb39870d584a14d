package io.cloister.appliance;

import io.cloister.appliance.bench.Comparison;
import io.cloister.appliance.bench.GrpcCaller;
import io.cloister.appliance.bench.HttpCaller;
import io.cloister.appliance.bench.Inputs;
import io.cloister.appliance.bench.Load;
import io.cloister.appliance.bench.Overload;
import io.cloister.appliance.bench.Peer;
import io.cloister.appliance.bench.ProcessTree;
import io.cloister.appliance.bench.RawEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.SocketFactory;

/**
 * What an answer costs, in turns: the appliance with and without TLS, raw ONNX Runtime, and a Node
 * server. Run by {@code scripts/bench serving}.
 */
public final class ServingBench {
  private static final Duration WARM_UP = Duration.ofSeconds(Integer.getInteger("warmup", 15));
  private static final int MANY = 64;
  private static final int QUEUE = 256;
  private static final int SHORT_QUEUE = 64;
  private static final int OVERLOAD = 10;
  private static final int ROWS = 16;
  private static final String DEPENDENT = "batching: {rows: dependent, across_callers: true}\n";
  private static final String ALONE = "batching: {max_rows: 1}\n";

  private final Path release;
  private final Optional<Path> node;
  private final Path int8;
  private final Path fp32;
  private final Path tokenizer;
  private final Path scratch;
  private final Comparison comparison;

  private ServingBench(List<String> args) {
    release = Path.of(args.get(0));
    int8 = Path.of(args.get(1)).resolve("all-minilm-l6-v2-q.onnx");
    tokenizer = Path.of(args.get(1)).resolve("all-minilm-l6-v2-q-tokenizer.json");
    fp32 = Path.of(args.get(2)).resolve("all-minilm-l6-v2.onnx");
    scratch = Path.of(args.get(3));
    node = Optional.of(Path.of(args.get(4))).filter(Files::isDirectory);
    int rounds = Integer.parseInt(args.get(5));
    Duration time = Duration.ofSeconds(Long.parseLong(args.get(6)));
    comparison = new Comparison(WARM_UP, rounds, time, args.get(7));
  }

  /**
   * RELEASE INT8 FP32 SCRATCH NODE ROUNDS SECONDS ONLY; folders, of which the Node server's may be
   * none; only the loads whose names have ONLY in them.
   */
  public static void main(String[] args) throws Exception {
    new ServingBench(List.of(args)).run();
  }

  private void run() throws Exception {
    if (comparison.wantsAnyOf("digits") || comparison.wantsAnyOf("int8")) {
      small();
    }
    if (comparison.wantsAnyOf("fp32") && Files.exists(fp32)) {
      large();
    }
    if (comparison.wantsAnyOf("overload")) {
      overload();
    }
  }

  private void small() throws Exception {
    BenchRoot plain = new BenchRoot(scratch.resolve("plain"), false, QUEUE);
    BenchRoot tls = new BenchRoot(scratch.resolve("tls"), true, QUEUE);
    for (BenchRoot root : List.of(plain, tls)) {
      root.addDigits("digits", 1);
      root.addDigits("digits-shared", MANY / ROWS);
      root.addMiniLm("minilm", int8, "");
      root.addMiniLm("minilm-shared", int8, DEPENDENT);
    }
    try (Peer open = plain.start(release);
        Peer closed = tls.start(release)) {
      Served cloister = new Served(plain, open.tree());
      Served overTls = new Served(tls, closed.tree());
      warmUp(cloister);
      warmUp(overTls);
      digits(cloister, overTls);
      miniLm(32, MANY, cloister, overTls);
      miniLm(128, MANY, cloister, overTls);
      miniLm(32, 1, cloister, overTls);
    }
  }

  /** A model that takes long lets a server answer too seldom for its compilers to finish. */
  private void warmUp(Served server) throws Exception {
    comparison.warmUp(server.binary("digits", Inputs.pixels(), MANY));
  }

  /** A running appliance. */
  private record Served(BenchRoot root, ProcessTree tree) {
    Load json(String model, Inputs inputs, int callers) throws Exception {
      return load(List.of(request(model, "", inputs.json())), callers);
    }

    Load binary(String model, Inputs inputs, int callers) throws Exception {
      return load(List.of(binary(model, inputs)), callers);
    }

    Load grpc(String model, Inputs inputs, int callers) {
      byte[] message = GrpcCaller.message(model, inputs);
      return new Load(() -> new GrpcCaller(root.port(), root.token(), message), callers, tree);
    }

    Load texts(String model, int callers) throws Exception {
      return load(Inputs.texts().stream().map(json -> request(model, "", json)).toList(), callers);
    }

    byte[] binary(String model, Inputs inputs) {
      byte[] head = inputs.binaryHead();
      byte[] bytes = inputs.bytes();
      byte[] body = new byte[head.length + bytes.length];
      System.arraycopy(head, 0, body, 0, head.length);
      System.arraycopy(bytes, 0, body, head.length, bytes.length);
      return request(model, "Inference-Header-Content-Length: " + head.length + "\r\n", body);
    }

    private byte[] request(String model, String headers, byte[] body) {
      String path = "/v2/models/" + model + "/infer";
      return HttpCaller.request(path, root.authorization() + headers, body);
    }

    private Load load(List<byte[]> requests, int callers) throws Exception {
      SocketFactory sockets = root.sockets();
      return new Load(() -> new HttpCaller(sockets, root.port(), requests), callers, tree);
    }
  }

  private static Load raw(RawEngine engine, Inputs inputs, int callers) {
    return new Load(() -> () -> engine.run(inputs), callers, ProcessTree.own());
  }

  private static Load rawTogether(RawEngine engine, Inputs inputs, int callers) {
    Inputs together = inputs.times(ROWS);
    return new Load(() -> () -> engine.run(together), callers, ProcessTree.own(), ROWS);
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
        () -> new HttpCaller(SocketFactory.getDefault(), port, List.of(request)),
        callers,
        server.tree());
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
      loads.put("cloister, JSON, shared runs", cloister.json("digits-shared", inputs, MANY));
      loads.put("cloister, binary, shared runs", cloister.binary("digits-shared", inputs, MANY));
      loads.put("cloister, gRPC, shared runs", cloister.grpc("digits-shared", inputs, MANY));
      loads.put("cloister, binary, shared, TLS", tls.binary("digits-shared", inputs, MANY));
      if (node.isPresent()) {
        int port = BenchRoot.freePort();
        Peer server = peers.add(Peer.node(node.get(), port, graph));
        loads.put("node, JSON", node(server, port, true, inputs, MANY));
        loads.put("node, bytes", node(server, port, false, inputs, MANY));
      }
      comparison.run("a tiny model (digits), 64 callers", loads);
    }
  }

  private void miniLm(int tokens, int callers, Served cloister, Served tls) throws Exception {
    Inputs inputs = Inputs.tokens(tokens);
    Map<String, Load> loads = new LinkedHashMap<>();
    try (RawEngine byDefault = RawEngine.byDefault(int8);
        RawEngine tuned = RawEngine.tuned(int8, BenchRoot.FUSIONS);
        Closer peers = new Closer()) {
      loads.put("raw, default, one at a time", raw(byDefault, inputs, 1));
      loads.put("raw, tuned", raw(tuned, inputs, Math.min(callers, processors())));
      loads.put("cloister", cloister.binary("minilm", inputs, callers));
      loads.put("cloister, shared runs", cloister.binary("minilm-shared", inputs, callers));
      loads.put("cloister, TLS", tls.binary("minilm", inputs, callers));
      if (node.isPresent()) {
        int port = BenchRoot.freePort();
        Peer server = peers.add(Peer.node(node.get(), port, int8));
        loads.put("node", node(server, port, false, inputs, callers));
      }
      String who = callers == 1 ? "1 caller" : callers + " callers";
      comparison.run("MiniLM int8, %d tokens, %s".formatted(tokens, who), loads);
    }
  }

  private static int processors() {
    return Runtime.getRuntime().availableProcessors();
  }

  private void large() throws Exception {
    BenchRoot root = new BenchRoot(scratch.resolve("fp32"), false, QUEUE);
    root.addDigits("digits", 1);
    root.addMiniLm("minilm", fp32, DEPENDENT);
    root.addTexts("texts", fp32, tokenizer, ALONE);
    root.addTexts("texts-shared", fp32, tokenizer, "");
    Inputs inputs = Inputs.tokens(32);
    try (Peer peer = root.start(release);
        RawEngine tuned = RawEngine.tuned(fp32, BenchRoot.FUSIONS)) {
      Served cloister = new Served(root, peer.tree());
      warmUp(cloister);
      Map<String, Load> loads = new LinkedHashMap<>();
      loads.put("raw, tuned, 16 rows", rawTogether(tuned, inputs, processors()));
      loads.put("raw, tuned, one row", raw(tuned, inputs, processors()));
      loads.put("cloister, shared runs", cloister.binary("minilm", inputs, MANY));
      comparison.run("MiniLM fp32, 32 tokens, 64 callers", loads);
      Map<String, Load> texts = new LinkedHashMap<>();
      texts.put("cloister, one by one", cloister.texts("texts", MANY));
      texts.put("cloister, shared runs", cloister.texts("texts-shared", MANY));
      comparison.run("MiniLM fp32, texts of many lengths, 64 callers", texts);
    }
  }

  private void overload() throws Exception {
    BenchRoot root = new BenchRoot(scratch.resolve("overload"), false, SHORT_QUEUE);
    root.addMiniLm("minilm", int8, "");
    try (Peer peer = root.start(release)) {
      Served cloister = new Served(root, peer.tree());
      List<byte[]> request = List.of(cloister.binary("minilm", Inputs.tokens(32)));
      SocketFactory sockets = root.sockets();
      var callers =
          new Overload(() -> new HttpCaller(sockets, root.port(), request), Duration.ofSeconds(1));
      System.out.printf(
          "overload: a queue of %d; a refused caller comes again after a second%n", SHORT_QUEUE);
      memory("idle", peer);
      callers.run("warming up", SHORT_QUEUE, WARM_UP);
      callers.run("at capacity", SHORT_QUEUE, WARM_UP);
      memory("at capacity", peer);
      callers.run("ten times as many", SHORT_QUEUE * OVERLOAD, WARM_UP);
      memory("overloaded", peer);
      callers.run("the second after, one caller", 1, Duration.ofSeconds(1));
    }
  }

  private static void memory(String when, Peer peer) {
    System.out.printf("  server and one worker, %s: %d MiB%n", when, peer.tree().memoryKib() >> 10);
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
