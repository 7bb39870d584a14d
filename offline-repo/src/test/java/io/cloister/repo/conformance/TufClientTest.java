package io.cloister.repo.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client protocol of the conformance suite, against what python-tuf wrote. */
final class TufClientTest {
  @TempDir Path folder;
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private HttpServer server;
  private Path repository;

  @BeforeEach
  void serve() throws Exception {
    repository =
        Path.of(Objects.requireNonNull(getClass().getResource("/python-tuf/consistent")).toURI());
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String name = exchange.getRequestURI().getPath().substring(1);
    asked.add(name);
    Path file = repository.resolve(name);
    try (exchange) {
      if (Files.exists(file)) {
        exchange.sendResponseHeaders(200, Files.size(file));
        Files.copy(file, exchange.getResponseBody());
      } else {
        exchange.sendResponseHeaders(404, -1);
      }
    }
  }

  private int run(String line) {
    String url = "http://localhost:%d/".formatted(server.getAddress().getPort());
    String options =
        "--metadata-dir %s/trust --metadata-url %smetadata --target-base-url %stargets/ --target-dir %s/files "
            .formatted(folder, url, url, folder);
    return TufClient.run((options + line).split(" ", -1));
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void initRefreshAndDownloadDoWhatTheProtocolSays() throws Exception {
    Files.createDirectories(folder.resolve("files"));
    assertThat(run("init " + repository.resolve("metadata/1.root.json"))).isZero();
    assertThat(asked).isEmpty();
    assertThat(run("refresh")).isZero();
    assertThat(names(folder.resolve("trust")))
        .containsExactly("root.json", "snapshot.json", "targets.json", "timestamp.json");
    assertThat(folder.resolve("trust/root.json"))
        .hasSameBinaryContentAs(repository.resolve("metadata/3.root.json"));
    String both = "--target-name models/vision/c.onnx --target-name README.txt download";
    assertThat(run(both)).isZero();
    assertThat(names(folder.resolve("trust"))).contains("models.json", "vision.json");
    assertThat(folder.resolve("files/models%2Fvision%2Fc.onnx"))
        .hasContent("models/vision/c.onnx by vision");
    asked.clear();
    assertThat(run(both)).isZero();
    assertThat(asked).containsExactly("metadata/4.root.json", "metadata/timestamp.json");
  }

  @Test
  void whatIsRefusedOrAbsentEndsWithOne() throws Exception {
    assertThat(run("refresh")).isOne();
    assertThat(run("init " + folder.resolve("absent"))).isOne();
    assertThat(run("")).isOne();
    assertThat(asked).isEmpty();
    assertThat(run("init " + repository.resolve("metadata/1.root.json"))).isZero();
    assertThat(run("--target-name models/text/stolen.onnx download")).isOne();
  }
}
