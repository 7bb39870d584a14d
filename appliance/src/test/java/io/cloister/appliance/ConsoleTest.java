package io.cloister.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a browser meets on the console's port. */
class ConsoleTest {
  private RunningAppliance appliance;
  private String origin;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    appliance = new RunningAppliance(new InstalledRoot(folder));
    origin = "https://" + appliance.console("/").getAuthority();
  }

  @AfterEach
  void stop() throws Exception {
    appliance.close();
  }

  @Test
  void thePageIsOpenAndTellsTheBrowserToLoadNothingElse() throws Exception {
    var page = appliance.send(appliance.request(appliance.console("/")));
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(page.headers().firstValue("Cache-Control")).contains("no-store");
  }

  @Test
  void aSessionBeginsWithTheTokenOnlyAndFromTheConsolesOwnPageOnly() throws Exception {
    String token = appliance.token();
    assertThat(overview("").statusCode()).isEqualTo(401);
    assertThat(login(body(token), "https://evil.example").statusCode()).isEqualTo(403);
    assertThat(login(body("clst_wrong"), origin).statusCode()).isEqualTo(401);
    HttpResponse<String> nowhere =
        appliance.send(session().POST(BodyPublishers.ofString(body(token))));
    assertThat(nowhere.statusCode()).isEqualTo(403);
    assertThat(nowhere.body()).contains("header Origin");
    String cookie = cookie(login(body(token), origin));
    assertThat(cookie)
        .matches(
            "__Host-cloister=clst_[\\w-]+; Max-Age=28800; Path=/; Secure; HttpOnly; SameSite=Strict");
    HttpResponse<String> overview = overview(pair(cookie));
    assertThat(overview.statusCode()).isEqualTo(200);
    assertThat(overview.body()).contains("\"account\":\"first\"");
  }

  @Test
  void loggingOutEndsTheSessionAndMakesTheBrowserForgetItsCookie() throws Exception {
    String pair = pair(cookie(login(body(appliance.token()), origin)));
    var logout = session().header("Cookie", pair).DELETE();
    assertThat(appliance.send(logout).statusCode()).isEqualTo(403);
    assertThat(overview(pair).statusCode()).isEqualTo(200);
    assertThat(cookie(appliance.send(logout.header("Origin", origin))))
        .isEqualTo("__Host-cloister=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Strict");
    assertThat(overview(pair).statusCode()).isEqualTo(401);
  }

  @Test
  void refusesALongLoginByItsOwnLimit() throws Exception {
    String tooLong = body("x".repeat(5_000));
    assertThat(login(tooLong, origin).statusCode()).isEqualTo(413);
    assertThat(login(tooLong, origin).body())
        .contains("4096 bytes", "the most for this path")
        .doesNotContain("limits.");
  }

  private HttpRequest.Builder session() {
    return appliance.request(appliance.console("/api/session"));
  }

  private static String body(String token) {
    return "{\"token\":\"" + token + "\"}";
  }

  private HttpResponse<String> login(String body, String origin) throws Exception {
    return appliance.send(session().header("Origin", origin).POST(BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> overview(String cookie) throws Exception {
    return appliance.send(
        appliance.request(appliance.console("/api/overview")).header("Cookie", cookie));
  }

  private static String cookie(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.headers().firstValue("Set-Cookie").orElseThrow();
  }

  private static String pair(String cookie) {
    return cookie.substring(0, cookie.indexOf(';'));
  }
}
