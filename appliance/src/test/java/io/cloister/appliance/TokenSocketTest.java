package io.cloister.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.DynamicMessage;
import io.cloister.appliance.admin.TokenCommands;
import io.cloister.appliance.config.Documents;
import io.cloister.appliance.observe.JsonLog;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens are made, shown and revoked over the operator's own socket. */
class TokenSocketTest {
  private RunningAppliance appliance;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    InstalledRoot root = new InstalledRoot(folder);
    root.add("digits", "1.1.0", "digits-1.1.0.onnx", ModelRows.digits());
    root.deploy();
    appliance = new RunningAppliance(root).settled();
  }

  @AfterEach
  void stop() throws Exception {
    appliance.close();
  }

  private JsonNode operator(String command, String name, String role) throws Exception {
    String line =
        "{\"do\":\"token_%s\",\"name\":\"%s\",\"role\":\"%s\"}".formatted(command, name, role);
    byte[] answer = appliance.operator(line).getBytes(StandardCharsets.UTF_8);
    return Documents.parseJson(answer);
  }

  private int status(URI uri, String header, String value) throws Exception {
    return appliance.send(appliance.request(uri).header(header, value)).statusCode();
  }

  private int status(String token) throws Exception {
    return status(appliance.inference("/v2"), "Authorization", "Bearer " + token);
  }

  @Test
  void aTokenIsValidFromItsAnswerOnAndNeverAgainWhenItIsRevoked() throws Exception {
    String token = operator("create", "app", "USER").path("token").asText();
    assertThat(status(token)).isEqualTo(200);
    JsonNode list = operator("list", "", "").path("tokens");
    assertThat(list).hasSize(2);
    assertThat(list.path(1).path("name").asText()).isEqualTo("app");
    assertThat(list.path(1).path("role").asText()).isEqualTo("USER");
    assertThat(list.path(1).path("used_at").isTextual()).isTrue();
    assertThat(list.path(0).path("used_at").isNull()).isTrue();
    JsonNode revoked = operator("revoke", "app", "");
    assertThat(revoked.path("sessions_ended").asInt()).isZero();
    assertThat(revoked.path("administrators").asInt()).isEqualTo(1);
    assertThat(status(token)).isEqualTo(401);
    assertThat(status(appliance.token())).isEqualTo(200);
    assertThat(operator("revoke", "first", "").path("administrators").asInt()).isZero();
    assertThat(status(appliance.token())).isEqualTo(401);
    assertThat(appliance.log()).doesNotContain(token);
  }

  @Test
  void theServicesLogTellsOfThemAndNotThem() throws Exception {
    var lines = new ByteArrayOutputStream();
    var log = new JsonLog(new PrintStream(lines, true, StandardCharsets.UTF_8));
    Logger said = Logger.getLogger(TokenCommands.class.getName());
    said.addHandler(log);
    try {
      operator("create", "app", "USER");
      operator("revoke", "app", "");
    } finally {
      said.removeHandler(log);
    }
    assertThat(lines.toString(StandardCharsets.UTF_8))
        .contains("the operator made the token app with the role USER")
        .contains("the operator revoked the token app")
        .doesNotContain("clst_");
  }

  @Test
  void whatCannotBeDoneIsSaid() throws Exception {
    assertThat(operator("create", "first", "USER").path("refused").asText()).isEqualTo("exists");
    assertThat(operator("create", "A", "USER").path("refused").asText()).isEqualTo("bad_name");
    assertThat(operator("create", "app", "ROOT").path("error").asText()).contains("USER, ADMIN");
    assertThat(operator("revoke", "app", "").path("refused").asText()).isEqualTo("unknown");
    assertThat(appliance.operator("{\"do\":\"hand_over\",\"to\":\"0.2.0\"}")).contains("true");
    assertThat(operator("create", "app", "USER").path("refused").asText()).isEqualTo("not_stored");
    assertThat(operator("create", "app", "USER").path("reason").asText())
        .contains("an update is taking the data over");
  }

  @Test
  void itsSessionsOfTheConsoleEndWithIt() throws Exception {
    String token = operator("create", "second", "ADMIN").path("token").asText();
    String mine = session(token);
    String others = session(appliance.token());
    URI overview = appliance.console("/api/overview");
    assertThat(status(overview, "Cookie", mine)).isEqualTo(200);
    assertThat(operator("revoke", "second", "").path("sessions_ended").asInt()).isEqualTo(1);
    assertThat(status(overview, "Cookie", mine)).isEqualTo(401);
    assertThat(status(overview, "Cookie", others)).isEqualTo(200);
  }

  private String session(String token) throws Exception {
    URI uri = appliance.console("/api/session");
    var login =
        appliance.send(
            appliance
                .request(uri)
                .header("Origin", "https://" + uri.getAuthority())
                .POST(BodyPublishers.ofString("{\"token\":\"" + token + "\"}")));
    String cookie = login.headers().firstValue("Set-Cookie").orElseThrow();
    return cookie.substring(0, cookie.indexOf(';'));
  }

  /** What came, one after the other: messages, then how it ended. */
  private static final class Seen implements StreamObserver<DynamicMessage> {
    private final BlockingQueue<Object> all = new LinkedBlockingQueue<>();

    @Override
    public void onNext(DynamicMessage message) {
      all.add(message);
    }

    @Override
    public void onError(Throwable thrown) {
      all.add(Status.fromThrowable(thrown).getCode());
    }

    @Override
    public void onCompleted() {
      all.add(Code.OK);
    }

    Object next() throws InterruptedException {
      return Optional.ofNullable(all.poll(30, TimeUnit.SECONDS)).orElse("nothing");
    }
  }

  @Test
  void aStreamThatWasBegunWithItIsAnsweredNoMore() throws Exception {
    String token = operator("create", "app", "USER").path("token").asText();
    DynamicMessage question =
        GrpcCaller.message(GrpcCaller.request("ModelInfer"), "model_name: \"digit\"");
    try (GrpcCaller caller = new GrpcCaller(appliance, Optional.of(token))) {
      var seen = new Seen();
      StreamObserver<DynamicMessage> stream = caller.stream(seen);
      stream.onNext(question);
      assertThat(seen.next()).isInstanceOf(DynamicMessage.class);
      operator("revoke", "app", "");
      stream.onNext(question);
      assertThat(seen.next()).isEqualTo(Code.UNAUTHENTICATED);
    }
  }
}
