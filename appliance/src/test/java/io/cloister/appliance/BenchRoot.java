package io.cloister.appliance;

import io.cloister.appliance.bench.Inputs;
import io.cloister.appliance.bench.Peer;
import io.cloister.appliance.bench.RawEngine;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import java.util.List;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A release of its own folder, installed for measuring it: models, and a token. */
final class BenchRoot {
  static final String FUSIONS = "LayerNormFusionL1;LayerNormFusionL2";
  private static final int GOLDEN_TOKENS = 4;

  private final InstalledRoot root;
  private final boolean tls;
  private final int port;
  private String token = "";

  BenchRoot(Path folder, boolean tls, int queue) throws IOException {
    this.root = new InstalledRoot(folder);
    this.tls = tls;
    this.port = freePort();
    Files.writeString(
        root.folders().settings(),
        """
        listeners:
          inference: {address: 127.0.0.1, port: %d, tls: %b}
          console: {address: 127.0.0.1, port: %d}
        limits: {queue_per_model: %d}
        """
            .formatted(port, tls, freePort(), queue));
  }

  static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0)) {
      return probe.getLocalPort();
    }
  }

  /** The tiny model; with more than one golden row it is shown that callers may share a run. */
  void addDigits(String name, int goldenRows) throws IOException {
    root.add(name, "1.0.0", "digits-1.0.0.onnx", ModelRows.digits(goldenRows));
  }

  /** Token ids in, hidden states out. */
  void addMiniLm(String name, Path graph, String batching) throws Exception {
    add(name, graph, golden(graph), batching);
  }

  /** Texts in, embeddings out. */
  void addTexts(String name, Path graph, Path tokenizer, String batching) throws IOException {
    Files.copy(tokenizer, root.folder(name, "1.0.0").resolve("tokenizer.json"));
    String text =
        """
        text: {task: embedding, tokenizer: tokenizer.json, max_tokens: 128, pooling: mean, \
        normalize: true}
        """;
    add(name, graph, ModelRows.TWO_TEXTS, text + batching);
  }

  private void add(String name, Path graph, String golden, String more) throws IOException {
    Path files = root.folder(name, "1.0.0");
    Files.copy(graph, files.resolve("model.onnx"));
    Files.writeString(
        files.resolve("model.yaml"),
        """
        format: 1
        graph: model.onnx
        session: {intra_op_threads: 1, disabled_optimizers: [%s]}
        %s"""
            .formatted(FUSIONS.replace(";", ", "), more));
    Files.writeString(files.resolve("golden.json"), golden);
    root.seal(name, "1.0.0");
  }

  /** What the engine itself answers. */
  private static String golden(Path graph) throws Exception {
    Inputs inputs = Inputs.tokens(GOLDEN_TOKENS);
    try (RawEngine engine = RawEngine.tuned(graph, FUSIONS)) {
      String asked = new String(inputs.json(), java.nio.charset.StandardCharsets.UTF_8);
      return """
          {"rows":[%s,"tolerance":0.2,"outputs":[{"name":"last_hidden_state",\
          "datatype":"FP32","shape":[1,%d,384],"data":%s}]}]}"""
          .formatted(
              asked.substring(0, asked.length() - 1),
              GOLDEN_TOKENS,
              Arrays.toString(engine.run(inputs)));
    }
  }

  Peer start(Path release) throws Exception {
    root.deploy();
    token = root.setUp();
    return Peer.start(
        List.of(
            release.resolve("bin/cloister-appliance").toString(),
            "serve",
            "--root",
            root.folders().root().toString(),
            "--release",
            root.folders().release()),
        "\"event\":\"first_apply\"");
  }

  int port() {
    return port;
  }

  String token() {
    return token;
  }

  String authorization() {
    return "Authorization: Bearer " + token + "\r\n";
  }

  /** That trusts the certificate, where there is one. */
  SocketFactory sockets() throws Exception {
    if (!tls) {
      return SocketFactory.getDefault();
    }
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream file =
        new FileInputStream(root.folders().tls().resolve("cert.pem").toFile())) {
      store.setCertificateEntry(
          "appliance", CertificateFactory.getInstance("X.509").generateCertificate(file));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(null, trust.getTrustManagers(), null);
    return context.getSocketFactory();
  }
}
