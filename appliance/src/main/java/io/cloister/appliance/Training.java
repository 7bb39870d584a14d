package io.cloister.appliance;

import io.cloister.appliance.access.HostNames;
import io.cloister.appliance.access.ServerCertificate;
import io.cloister.appliance.admin.OperatorSocket;
import io.cloister.appliance.config.DataKey;
import io.cloister.appliance.inference.Workers;
import io.cloister.appliance.model.DeploymentFile;
import io.cloister.appliance.observe.JsonLog;
import io.cloister.appliance.scrub.RepairCall;
import io.cloister.appliance.systemd.Notify;
import io.cloister.appliance.systemd.PassedSockets;
import io.cloister.appliance.worker.WorkerCommand;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Two short lives of the appliance with a model, so that the start-up archives made from them (AOT
 * caches) know the classes of a real one and of its worker. They leave their folder to whoever gave
 * it.
 */
final class Training {
  private static final String SETTINGS =
      """
      listeners:
        inference: {address: 127.0.0.1, port: 0}
        console: {address: 127.0.0.1, port: 0}
      """;
  private static final String BODY =
      """
      {"id": "1", "inputs": [{"name": "pixels", "datatype": "FP32", "shape": [1, 4],\
       "data": [[0.5, 1, -2e3, 0]]}, {"name": "text", "datatype": "BYTES", "shape": [1],\
       "data": ["a"]}]}""";

  private static final String TEXT_BODY =
      """
      {"id": "2", "inputs": [{"name": "text", "datatype": "BYTES", "shape": [1],\
       "data": ["one two"]}]}""";

  private static final String INFER = "/v2/models/" + TrainingModel.NAME + "/infer";

  private static final Pattern CONTENT_LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)");
  private static final int ANSWER_MILLIS_MAX = 10_000;

  /** For the model, which is slow while it is recorded. */
  private static final Duration LOAD_PATIENCE = Duration.ofMinutes(1);

  private Training() {}

  /**
   * Lives twice.
   *
   * @param root an empty folder; relative, the name of a socket in it is short however deep it lies
   */
  static void run(Path root, JsonLog log, InstantSource clock, SecureRandom random)
      throws IOException, GeneralSecurityException, StartRefused, InterruptedException {
    try (Stream<Path> present = Files.list(root)) {
      if (present.findAny().isPresent()) {
        throw new DirectoryNotEmptyException(root.toAbsolutePath().toString());
      }
    }
    Folders folders = new Folders(root, "0.0.0");
    Files.createDirectories(folders.settings().resolveSibling("."));
    Files.writeString(folders.settings(), SETTINGS);
    byte[] secret = new byte[32];
    random.nextBytes(secret);
    Optional<DataKey> key = Optional.of(new DataKey(HexFormat.of().formatHex(secret)));
    String token =
        Setup.run(folders, key, HostNames.of(List.of()), clock.instant(), random)
            .token()
            .orElseThrow();
    TrainingModel.deploy(folders, clock.instant());
    // What the service asks of its environment first.
    Notify.of(Map.of("NOTIFY_SOCKET", "none"), 0).prepare();
    var _ = RepairCall.find(Map.of("CLOISTER_REPAIR", "none"));
    live(folders, key, token, log, clock);
    // As most starts are: everything is set up, and the model was accepted before.
    live(folders, key, token, log, clock);
  }

  /** Where even the loopback interface is down there is nothing to listen on: less is learnt. */
  private static void live(
      Folders folders, Optional<DataKey> key, String token, JsonLog log, InstantSource clock)
      throws IOException, GeneralSecurityException, StartRefused, InterruptedException {
    Foundation foundation;
    try {
      foundation = Foundation.open(folders, PassedSockets.NONE, key);
    } catch (StartRefused e) {
      if (e.fault() instanceof StartFault.AddressUnfit) {
        log.event("training", json -> json.writeStringField("without", "sockets"));
        return;
      }
      throw e;
    }
    Workers workers = new Workers(folders.store(), WorkerCommand.ofThisProcess());
    workers.begin(DeploymentFile.read(folders.deployment()).models());
    try (Appliance appliance =
        new Appliance(
            foundation, workers, log, clock, Optional.empty(), Runtime.getRuntime().maxMemory())) {
      OperatorSocket socket = appliance.start();
      awaitModel(appliance);
      try {
        ask(foundation.certificate(), appliance, token);
      } catch (SocketException | SocketTimeoutException e) {
        // With loopback down, or filtered, an address may be bound all the same, but not reached.
        log.event("training", json -> json.writeStringField("without", "connections"));
      }
      socket.close();
    }
  }

  /** Without it less is learnt. */
  private static void awaitModel(Appliance appliance) throws InterruptedException {
    long start = System.nanoTime();
    while (!appliance.settled() && System.nanoTime() - start < LOAD_PATIENCE.toNanos()) {
      Thread.sleep(20);
    }
  }

  private static void ask(ServerCertificate certificate, Appliance appliance, String token)
      throws IOException, GeneralSecurityException {
    SSLContext context = trusting(certificate);
    String credentials = "Authorization: Bearer " + token + "\r\n";
    for (String listener : List.of(appliance.bound().inference(), appliance.bound().console())) {
      int port = Integer.parseInt(listener.substring(listener.lastIndexOf(':') + 1));
      exchange(context, port, "GET", "/v2/health/live", "", "");
      exchange(context, port, "GET", "/v2", credentials, "");
      exchange(context, port, "POST", "/v2/models/none/infer", credentials, BODY);
      exchange(context, port, "POST", INFER, credentials, TEXT_BODY);
      exchange(context, port, "GET", "/api/overview", credentials, "");
      exchange(context, port, "GET", "/metrics", credentials, "");
      exchange(context, port, "GET", "/", "", "");
    }
  }

  private static SSLContext trusting(ServerCertificate certificate)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setCertificateEntry("appliance", certificate.certificate());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private static void exchange(
      SSLContext context, int port, String method, String path, String headers, String body)
      throws IOException {
    try (Socket socket = context.getSocketFactory().createSocket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port), ANSWER_MILLIS_MAX);
      socket.setSoTimeout(ANSWER_MILLIS_MAX);
      OutputStream out = socket.getOutputStream();
      String head =
          "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: %d\r\n%s\r\n"
              .formatted(method, path, body.length(), headers);
      out.write((head + body).getBytes(StandardCharsets.UTF_8));
      out.flush();
      readAnswer(socket.getInputStream());
    }
  }

  /** Reads what the head announces: the end of the connection may be an idle timeout away. */
  private static void readAnswer(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("the appliance closed a connection before it answered");
      }
      head.append((char) next);
    }
    Matcher length = CONTENT_LENGTH.matcher(head);
    in.skipNBytes(length.find() ? Long.parseLong(length.group(1)) : 0);
  }
}
