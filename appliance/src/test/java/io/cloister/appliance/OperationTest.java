package io.cloister.appliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.appliance.StartFault.BadSettings;
import io.cloister.appliance.StartFault.NotSetUp;
import io.cloister.appliance.StartFault.OtherSocket;
import io.cloister.appliance.StartFault.PortInUse;
import io.cloister.appliance.access.HostNames;
import io.cloister.appliance.config.Documents;
import io.cloister.appliance.config.Settings.Listener;
import io.cloister.appliance.systemd.PassedSocket;
import io.cloister.appliance.systemd.PassedSockets;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the operator and the administrator meet. */
class OperationTest {
  private static final HostNames NAMES = HostNames.of(List.of("ward-7", "10.0.0.17"));

  private InstalledRoot root;

  @BeforeEach
  void install(@TempDir Path folder) throws Exception {
    root = new InstalledRoot(folder);
  }

  private static JsonNode json(String text) throws Exception {
    return Documents.parseJson(text.getBytes(StandardCharsets.UTF_8));
  }

  private StartFault refusal() {
    StartRefused refused =
        catchThrowableOfType(
            StartRefused.class,
            () -> Foundation.open(root.folders(), PassedSockets.NONE, Optional.empty()));
    return refused.fault();
  }

  @Test
  void setupRunsTwiceWithOneTokenAndAKeyNobodyElseReads() throws Exception {
    root.setUp();
    var again =
        Setup.run(
            root.folders(), Optional.empty(), NAMES, InstalledRoot.SIGNED, new SecureRandom());
    assertThat(again.token()).isEmpty();
    assertThat(again.certificateSha256()).matches("([0-9A-F]{2}:){31}[0-9A-F]{2}");
    Path key = root.folders().tls().resolve("key.pem");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
    Path database = root.folders().databases();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(database)))
        .isEqualTo("rwx------");
  }

  @Test
  void theCertificateIsForTheNamesThatTheInstallerFound() throws Exception {
    Setup.run(root.folders(), Optional.empty(), NAMES, Instant.now(), new SecureRandom());
    var foundation = Foundation.open(root.folders(), PassedSockets.NONE, Optional.empty());
    foundation.database().close();
    assertThat(foundation.certificate().certificate().getSubjectAlternativeNames())
        .extracting(name -> String.valueOf(name.get(1)))
        .contains("ward-7", "10.0.0.17", "localhost", "127.0.0.1");
  }

  @Test
  void anApplianceThatWasNotSetUpDoesNotStart() {
    assertThat(refusal()).isInstanceOf(NotSetUp.class);
  }

  @Test
  void aPortInUseIsNamed() throws Exception {
    root.setUp();
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Files.writeString(
          root.folders().settings(),
          "listeners: {inference: {address: 127.0.0.1, port: " + taken.getLocalPort() + "}}");
      assertThat(refusal()).isInstanceOf(PortInUse.class);
      var words = new StartWords(root.folders(), Optional.empty());
      assertThat(words.problem(refusal()).text())
          .contains("SERVICE-PORT-IN-USE", "127.0.0.1:" + taken.getLocalPort());
    }
  }

  private static ServerSocketChannel listening() throws Exception {
    return ServerSocketChannel.open()
        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  private static PassedSockets passed(ServerSocketChannel inference, ServerSocketChannel console) {
    return new PassedSockets(
        Map.of("inference", new PassedSocket(inference), "console", new PassedSocket(console)));
  }

  private static int port(ServerSocketChannel channel) {
    return channel.socket().getLocalPort();
  }

  private void listeners(int inference, int console) throws Exception {
    Files.writeString(
        root.folders().settings(),
        "listeners: {inference: {address: 127.0.0.1, port: %d}, console: {address: 127.0.0.1, port: %d}}"
            .formatted(inference, console));
  }

  @Test
  void theApplianceServesOnSocketsThatItDidNotOpen() throws Exception {
    ServerSocketChannel inference = listening();
    ServerSocketChannel console = listening();
    listeners(port(inference), port(console));
    var sockets = passed(inference, console);
    try (var appliance = new RunningAppliance(root, sockets)) {
      for (int i = 0; i < 3; i++) {
        assertThat(appliance.get(appliance.inference("/v2")).statusCode()).isEqualTo(200);
        assertThat(appliance.get(appliance.console("/")).statusCode()).isEqualTo(200);
      }
      assertThat(appliance.inference("/").getPort()).isEqualTo(port(inference));
      String answer =
          appliance.raw("POST /v2/models/none/infer HTTP/1.1", "Content-Length: 2", "{}");
      assertThat(answer).startsWith("HTTP/1.1 4").contains("HTTP/1.1 200");
    }
    assertThat(inference.isOpen()).isFalse();
  }

  @Test
  void aSocketThatIsNotWhereTheSettingsSayIsRefused() throws Exception {
    root.setUp();
    try (ServerSocketChannel inference = listening();
        ServerSocketChannel console = listening()) {
      listeners(port(inference), 1);
      var sockets = passed(inference, console);
      StartRefused refused =
          catchThrowableOfType(
              StartRefused.class, () -> Foundation.open(root.folders(), sockets, Optional.empty()));
      assertThat(refused.fault())
          .isEqualTo(
              new OtherSocket(
                  "console", new Listener("127.0.0.1", 1), "127.0.0.1:" + port(console)));
    }
  }

  @Test
  void allBadSettingsAreNamedAtOnce() throws Exception {
    root.settings("12", 0, 30);
    assertThat(((BadSettings) refusal()).faults()).hasSize(2);
  }

  @Test
  void withoutADeploymentTheApplianceLivesAndIsNotReady() throws Exception {
    try (RunningAppliance appliance = new RunningAppliance(root).settled()) {
      var ready = appliance.send(appliance.request(appliance.inference("/v2/health/ready")));
      assertThat(ready.statusCode()).isEqualTo(400);
      JsonNode status = json(appliance.operator("{\"do\":\"status\"}"));
      assertThat(status.path("ready").asBoolean()).isFalse();
      assertThat(status.path("refused").path("reason").asText()).contains("nothing is deployed");
    }
  }

  @Test
  void aModelThatDoesNotLoadLeavesTheServerAliveAndSaysWhy() throws Exception {
    root.add("broken", "1.0.0", "hostile-basic/a03-truncated.onnx", ModelRows.digits());
    root.deploy();
    try (RunningAppliance appliance = new RunningAppliance(root).settled()) {
      JsonNode status = json(appliance.operator("{\"do\":\"status\"}"));
      assertThat(status.path("ready").asBoolean()).isFalse();
      JsonNode model = status.path("models").path(0);
      assertThat(model.path("state").asText()).isEqualTo("failed");
      assertThat(model.path("reason").asText()).isNotEmpty();
      root.clear();
      root.add("digits", "1.1.0", "digits-1.1.0.onnx", ModelRows.digits());
      root.deploy();
      assertThat(appliance.operator("{\"do\":\"apply\"}"))
          .isEqualTo("{\"applied\":true,\"generation\":2}\n");
      assertThat(json(appliance.operator("{\"do\":\"status\"}")).path("ready").asBoolean())
          .isTrue();
      assertThat(appliance.operator("{\"do\":\"dance\"}")).contains("unknown command");
    }
  }

  @Test
  void aRequestThatKillsItsWorkerIsAnsweredCountedAndSurvived() throws Exception {
    root.add("divide", "1.0.0", "divide.onnx", ModelRows.DIVIDE);
    root.deploy();
    try (RunningAppliance appliance = new RunningAppliance(root).settled()) {
      HttpResponse<String> killed = appliance.infer("divide", division(Long.MIN_VALUE, -1));
      assertThat(killed.statusCode()).as(killed.body()).isEqualTo(503);
      assertThat(killed.headers().firstValue("Retry-After")).isPresent();
      assertThat(json(killed.body()).path("error").asText()).contains("ended while it had");
      assertThat(answerOf(appliance)).contains("\"data\":[4]");
      assertThat(appliance.operator("{\"do\":\"metrics\"}"))
          .contains("\"worker_crashed\":1", "\"restarts\":1");
      assertThat(appliance.get(appliance.console("/metrics")).body())
          .contains("cloister_request_failures_total{model=\"divide\"", "worker_crashed\"} 1");
    }
  }

  private static String division(long a, long b) {
    return """
        {"inputs":[{"name":"a","datatype":"INT64","shape":[1],"data":[%d]},
          {"name":"b","datatype":"INT64","shape":[1],"data":[%d]}]}"""
        .formatted(a, b);
  }

  /** The worker is back within seconds. */
  private static String answerOf(RunningAppliance appliance) throws Exception {
    HttpResponse<String> answer = appliance.infer("divide", division(8, 2));
    for (int i = 0; i < 100 && answer.statusCode() != 200; i++) {
      Thread.sleep(100);
      answer = appliance.infer("divide", division(8, 2));
    }
    return answer.body();
  }
}
