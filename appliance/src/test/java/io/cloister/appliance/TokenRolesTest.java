package io.cloister.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.appliance.config.Documents;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a token with the role USER may do: on every route, of every protocol. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokenRolesTest {
  private RunningAppliance appliance;
  private String user;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    InstalledRoot root = new InstalledRoot(folder);
    root.add("digits", "1.1.0", "digits-1.1.0.onnx", ModelRows.digits());
    root.deploy();
    appliance = new RunningAppliance(root).settled();
    user =
        json(appliance.operator("{\"do\":\"token_create\",\"name\":\"app\",\"role\":\"USER\"}"))
            .path("token")
            .asText();
  }

  @AfterAll
  void stop() throws Exception {
    appliance.close();
  }

  private static JsonNode json(String text) throws Exception {
    return Documents.parseJson(text.getBytes(StandardCharsets.UTF_8));
  }

  private HttpResponse<String> ask(String method, URI uri, String body) throws Exception {
    return appliance.send(
        appliance
            .request(uri)
            .header("Authorization", "Bearer " + user)
            .method(method, BodyPublishers.ofString(body)));
  }

  private static void lacks(HttpResponse<String> answer) throws Exception {
    assertThat(answer.statusCode()).as("%s: %s", answer.uri(), answer.body()).isEqualTo(403);
    assertThat(json(answer.body()).path("error").asText())
        .contains("'app' has the role USER", "it needs ADMIN", "cloister token create");
  }

  @Test
  void overRestItMayDoAllButLoadAndUnload() throws Exception {
    String document = appliance.get(appliance.inference("/openapi.json")).body();
    int refused = 0;
    for (var path : json(document).path("paths").properties()) {
      for (var operation : path.getValue().properties()) {
        String filled = path.getKey();
        for (JsonNode parameter : operation.getValue().path("parameters")) {
          filled =
              filled.replace(
                  "{" + parameter.path("name").asText() + "}", parameter.path("example").asText());
        }
        JsonNode body = operation.getValue().at("/requestBody/content/application~1json/example");
        HttpResponse<String> answer =
            ask(
                operation.getKey().toUpperCase(Locale.ROOT),
                appliance.inference(filled),
                body.isMissingNode() ? "" : body.toString());
        if (filled.endsWith("/load") || filled.endsWith("/unload")) {
          refused++;
          lacks(answer);
        } else {
          assertThat(answer.statusCode()).as(filled).isNotIn(401, 403, 500);
        }
      }
    }
    assertThat(refused).isEqualTo(2);
    assertThat(ask("GET", appliance.inference("/v2/models/digits/ready"), "").statusCode())
        .as("nothing was unloaded")
        .isEqualTo(200);
  }

  @Test
  void overGrpcLikewise() throws Exception {
    Set<String> administrators = Set.of("RepositoryModelLoad", "RepositoryModelUnload");
    try (GrpcCaller caller = new GrpcCaller(appliance, Optional.of(user))) {
      assertThat(GrpcCaller.unaryMethods()).hasSizeGreaterThan(8).containsAll(administrators);
      for (String method : GrpcCaller.unaryMethods()) {
        assertThat(code(caller, method))
            .as(method)
            .satisfies(
                code -> {
                  if (administrators.contains(method)) {
                    assertThat(code).isEqualTo(Code.PERMISSION_DENIED);
                  } else {
                    assertThat(code).isNotIn(Code.PERMISSION_DENIED, Code.UNAUTHENTICATED);
                  }
                });
      }
    }
  }

  private static Code code(GrpcCaller caller, String method) {
    try {
      caller.call(method, "");
      return Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    }
  }

  @Test
  void onTheConsolesPortItMayReadMetricsAndNothingElse() throws Exception {
    assertThat(ask("GET", appliance.console("/metrics"), "").statusCode()).isEqualTo(200);
    assertThat(appliance.get(appliance.console("/metrics")).statusCode()).isEqualTo(200);
    for (String path :
        new String[] {
          "/api/overview",
          "/api/v2",
          "/api/v2/models/digits",
          "/api/v2/models/digits/infer",
          "/api/v2/repository/models/digits/unload",
          "/api/v2/repository/index",
          "/metrics/x",
          "/anything"
        }) {
      lacks(ask("GET", appliance.console(path), ""));
      lacks(ask("POST", appliance.console(path), "{}"));
    }
    assertThat(appliance.send(appliance.request(appliance.console("/metrics"))).statusCode())
        .as("without a token")
        .isEqualTo(401);
  }

  @Test
  void itBeginsNoSessionOfTheConsole() throws Exception {
    HttpResponse<String> login =
        ask("POST", appliance.console("/api/session"), "{\"token\":\"" + user + "\"}");
    lacks(login);
    assertThat(login.headers().firstValue("Set-Cookie")).isEmpty();
  }
}
