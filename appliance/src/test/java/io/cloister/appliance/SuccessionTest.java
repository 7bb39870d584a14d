package io.cloister.appliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.appliance.StartFault.CertificateUnusable;
import io.cloister.appliance.StartFault.DeploymentUnusable;
import io.cloister.appliance.access.HostNames;
import io.cloister.appliance.config.DataKey;
import io.cloister.appliance.config.Documents;
import io.cloister.appliance.database.Database;
import io.cloister.appliance.model.Routing;
import io.cloister.appliance.model.Routing.Routes;
import io.cloister.appliance.systemd.PassedSocket;
import io.cloister.appliance.systemd.PassedSockets;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One release follows another, and what it finds and hands over. */
class SuccessionTest {
  private static final HostNames NAMES = HostNames.of(List.of("ward-7", "10.0.0.17"));

  private InstalledRoot root;

  @BeforeEach
  void install(@TempDir Path folder) throws Exception {
    root = new InstalledRoot(folder);
  }

  @Test
  void withADataKeyTheCertificatesKeyIsEncryptedAndOpensslReadsItWithThatKey() throws Exception {
    var key = new DataKey("0123456789abcdef".repeat(4));
    var sealed = new InstalledRoot(root.folders().root().resolve("sealed"), Optional.of(key));
    try (var appliance = new RunningAppliance(sealed)) {
      assertThat(appliance.get(appliance.inference("/v2")).statusCode()).isEqualTo(200);
    }
    Path pem = sealed.folders().tls().resolve("key.pem");
    assertThat(Files.readString(pem)).contains("BEGIN ENCRYPTED PRIVATE KEY");
    assertThat(openssl(pem, key.hex())).isZero();
    assertThat(openssl(pem, "f".repeat(64))).isNotZero();
    StartRefused refused =
        catchThrowableOfType(
            StartRefused.class,
            () -> Foundation.open(sealed.folders(), PassedSockets.NONE, Optional.empty()));
    assertThat(refused.fault()).isInstanceOf(CertificateUnusable.class);
  }

  private static int openssl(Path pem, String password) throws Exception {
    return new ProcessBuilder(
            "openssl", "pkey", "-in", pem.toString(), "-noout", "-passin", "pass:" + password)
        .start()
        .waitFor();
  }

  @Test
  void aCandidateLoadsItsModelsAndListensOnlyWhenItTakesOver() throws Exception {
    root.add("digits", "1.1.0", "digits-1.1.0.onnx", ModelRows.digits());
    root.candidate(true);
    root.deploy();
    ServerSocketChannel inference = listening();
    ServerSocketChannel console = listening();
    listeners(port(inference), port(console));
    try (var appliance = new RunningAppliance(root, passed(inference, console)).settled()) {
      assertThat(json(appliance.operator("{\"do\":\"status\"}")).path("ready").asBoolean())
          .isTrue();
      var asked = appliance.request(appliance.inference("/v2/health/live"));
      var waiting = CompletableFuture.supplyAsync(() -> status(appliance, asked));
      assertThat(waiting.completeOnTimeout(0, 500, TimeUnit.MILLISECONDS).join()).isZero();
      assertThat(appliance.operator("{\"do\":\"take_over\"}")).contains("\"listening\":true");
      assertThat(status(appliance, asked)).isEqualTo(200);
      assertThat(appliance.operator("{\"do\":\"hand_over\",\"to\":\"../../x\"}"))
          .contains("not a release");
      assertThat(appliance.operator("{\"do\":\"hand_over\",\"to\":\"0.2.0\"}"))
          .contains("\"handed_over\":true");
      assertThat(root.folders().databases().resolve("0.2.0/handed-over.sql")).isRegularFile();
      for (String other : new String[] {"backup", "kept"}) {
        assertThat(appliance.operator("{\"do\":\"hand_over\",\"to\":\"" + other + "\"}"))
            .contains("\"handed_over\":true");
      }
      assertThat(appliance.operator("{\"do\":\"resume\"}")).contains("\"resumed\":true");
    }
  }

  private static int status(RunningAppliance appliance, HttpRequest.Builder request) {
    try {
      return appliance.send(request).statusCode();
    } catch (Exception e) {
      return -1;
    }
  }

  @Test
  void aDeploymentForAnotherReleaseIsRefused() throws Exception {
    root.setUp();
    root.deploy();
    var other = new Folders(root.folders().root(), "0.2.0");
    Files.copy(root.folders().deployment(), other.deployment());
    StartRefused refused =
        catchThrowableOfType(
            StartRefused.class, () -> Foundation.open(other, PassedSockets.NONE, Optional.empty()));
    assertThat(refused.fault()).isInstanceOf(DeploymentUnusable.class);
  }

  @Test
  void setupTakesOverWhatAnUninstallKeptOfAnotherRelease() throws Exception {
    root.setUp();
    Folders folders = root.folders();
    try (Database database = Database.open(folders.database(), Optional.empty())) {
      new Routing(database).switchTo(new Routes(9, List.of()));
      database.handOver(folders.databases().resolve("kept"));
    }
    var next = new Folders(folders.root(), "0.9.0");
    var again = Setup.run(next, Optional.empty(), NAMES, InstalledRoot.SIGNED, new SecureRandom());
    assertThat(again.token()).as("the token of before is still there").isEmpty();
    assertThat(folders.databases().resolve("kept")).doesNotExist();
    try (Database database = Database.open(next.database(), Optional.empty())) {
      assertThat(new Routing(database).read().generation())
          .as("generations begin anew with an install")
          .isZero();
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

  private static JsonNode json(String text) throws Exception {
    return Documents.parseJson(text.getBytes(StandardCharsets.UTF_8));
  }
}
