package io.cloister.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A customer's host under a folder of its own: the operator's command as it comes from a medium's
 * bootstrap archive, and an application that calls the service. Closing stops what runs and deletes
 * the folder.
 */
final class Site implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final int inferencePort;
  private final int consolePort;

  private Site(Path folder, int inferencePort, int consolePort) {
    this.folder = folder;
    this.inferencePort = inferencePort;
    this.consolePort = consolePort;
  }

  /** A short path: the name of a Unix socket may have 107 bytes. */
  static Site open(Path medium) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory(Path.of("/tmp"), "site");
    Path archive = medium.resolve("bootstrap-linux-x64.tar.gz");
    Command.run(List.of("tar", "-xzf", archive.toString(), "-C", folder.toString())).ended(0);
    return new Site(folder, freePort(), freePort());
  }

  Path root() {
    return folder.resolve("root");
  }

  Command verify(Path medium) throws IOException, InterruptedException {
    return cloister("verify", medium.toString(), "--trusted-root", Vendor.trustedRoot(medium));
  }

  Command install(Path medium) throws IOException, InterruptedException {
    return cloister(installing(medium));
  }

  /** Begins to install and leaves it to itself. */
  Process beginInstall(Path medium) throws IOException {
    return begin(installing(medium));
  }

  /** Likewise, with any command. */
  Process begin(String... arguments) throws IOException {
    return new ProcessBuilder(line(arguments))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private String[] installing(Path medium) throws IOException {
    return new String[] {
      "install",
      medium.toString(),
      "--trusted-root",
      Vendor.trustedRoot(medium),
      "--token-file",
      token().toString(),
      "--inference",
      "127.0.0.1:" + inferencePort,
      "--console",
      "127.0.0.1:" + consolePort
    };
  }

  /** The command lines of everything that runs from what is installed. */
  List<String> running() {
    return ProcessHandle.allProcesses()
        .flatMap(process -> process.info().commandLine().stream())
        .filter(line -> line.contains(root().resolve("opt").toString()))
        .toList();
  }

  Command cloister(String... arguments) throws IOException, InterruptedException {
    return Command.run(line(arguments));
  }

  private List<String> line(String... arguments) {
    List<String> line = new ArrayList<>();
    line.add(folder.resolve("cloister/bin/cloister").toString());
    line.addAll(List.of(arguments));
    line.addAll(List.of("--root", root().toString()));
    return line;
  }

  /** Every file below the root with its size: what a refused command must not have changed. */
  List<String> files() throws IOException {
    if (!Files.exists(root())) {
      return List.of();
    }
    try (Stream<Path> paths = Files.walk(root())) {
      return paths
          .filter(path -> !path.equals(root()))
          .map(path -> root().relativize(path) + " " + path.toFile().length())
          .sorted()
          .toList();
    }
  }

  Path token() {
    return folder.resolve("token");
  }

  /** Asks for the embeddings of texts, with the token. */
  HttpResponse<String> embed(String... texts) throws IOException, InterruptedException {
    var body = JSON.createObjectNode();
    var input = body.putArray("inputs").addObject();
    input.put("name", "text").put("datatype", "BYTES").putArray("shape").add(texts.length);
    var data = input.putArray("data");
    List.of(texts).forEach(data::add);
    return http(
        request("/v2/models/" + Vendor.MODEL + "/infer")
            .header("Authorization", "Bearer " + Files.readString(token()).strip())
            .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http(request(path));
  }

  /** The version that answers. */
  String serving() throws IOException, InterruptedException {
    HttpResponse<String> answer = embed("Which version?");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body()).path("model_version").asText();
  }

  JsonNode status() throws IOException, InterruptedException {
    return JSON.readTree(cloister("status", "--json").ended(0).output());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("https://localhost:" + inferencePort + path));
  }

  private HttpResponse<String> http(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newBuilder().sslContext(trusted()).build()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  /** Trusts the appliance's own certificate and nothing else. */
  private SSLContext trusted() throws IOException {
    Path certificate = root().resolve("var/lib/cloister/appliance/tls/cert.pem");
    try (InputStream in = Files.newInputStream(certificate)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry(
          "appliance", CertificateFactory.getInstance("X.509").generateCertificate(in));
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() throws IOException {
    try {
      cloister("stop");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try (Stream<Path> paths = Files.walk(folder)) {
      paths.filter(path -> Files.isDirectory(path)).forEach(Site::makeWritable);
    }
    try (Stream<Path> paths = Files.walk(folder)) {
      paths.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    }
  }

  private static void makeWritable(Path folder) {
    try {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
