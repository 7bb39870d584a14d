package io.cloister.installer.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.installer.host.HostPaths;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Seeds secrets and a customer's words wherever they could be, and looks for them in every byte.
 */
final class SupportRedactionTest {
  @TempDir Path folder;
  private Installation installation;
  private HostPaths paths;
  private Path output;

  @BeforeEach
  void install() throws IOException {
    installation = new Installation(Files.createDirectory(folder.resolve("root")));
    paths = installation.paths;
    output = folder.resolve("archive.tar.gz");
  }

  @Test
  void theSeedsWouldBeFound() {
    String all =
        String.join(" ", Seeds.TOKEN, Seeds.PASSWORD, Seeds.SESSION, Seeds.PEM, Seeds.PAYLOAD)
            + Seeds.HEX
            + Seeds.CALLER;
    assertThat(Seeds.in(all.getBytes(StandardCharsets.UTF_8))).hasSize(12);
  }

  @Test
  void nothingSecretLeavesFromAnyPlace() throws Exception {
    seedSettings();
    seedDocuments();
    seedNames();
    seedLog();
    seedApplianceFolder();
    try (FakeAppliance _ = FakeAppliance.at(paths.socket("0.1.0"))) {
      collectInAProcessWithSecretsInItsEnvironment();
    }
    Unpacked archive = Unpacked.read(output);
    archive
        .entries()
        .forEach((name, bytes) -> assertThat(Seeds.in(bytes)).as("entry %s", name).isEmpty());
    assertThat(Seeds.in(archive.tar())).isEmpty();
    assertThat(archive.index("settings.json").at("/redacted/unlisted_key").asInt()).isEqualTo(3);
    assertThat(archive.index("status.json").path("redacted").isEmpty()).isFalse();
    assertThat(archive.json("status.json").at("/models/0/restarts").asInt()).isEqualTo(4);
    assertThat(archive.json("status.json").at("/models/1/reason").asText())
        .isEqualTo("it ended with status 134<redacted:message_data>");
    assertThat(archive.json("status.json").path("certificate_sha256").asText()).startsWith("AB:");
    assertThat(archive.json("digests.json").path("packages")).isNotEmpty();
    assertLogIsStillOfUse(archive.text("logs/appliance.log"));
  }

  private static void assertLogIsStillOfUse(String log) {
    assertThat(log)
        .contains("\"message\":\"ready\"")
        .contains("\"message\":\"cannot read the request<redacted:message_data>\"")
        .contains("java.lang.IllegalStateException")
        .contains("at io.cloister.appliance.worker.Session.run(Session.java:42)")
        .contains("\"model\":\"digits\",\"version\":\"1.0.0\",\"request_id\":\"0123456789abcdef\"")
        .contains("\"method\":\"POST\"")
        .contains("\"status\":500");
  }

  private void seedSettings() throws IOException {
    Files.writeString(
        paths.settings(),
        """
        # password: %1$s
        listeners:
          inference: {address: "%1$s", port: "%2$s", tls_key_password: %1$s}
        admin_token: %2$s
        "%2$s": 1
        """
            .formatted(Seeds.PASSWORD, Seeds.TOKEN));
  }

  private void seedDocuments() throws IOException {
    Files.writeString(
        paths.slots(),
        """
        {"format":1,"active":"%1$s","%1$s":1,"slots":{"a":{"state":"bad","note":"%2$s",
        "reason":"row 3 of “%2$s” failed, Authorization: Bearer %3$s"},
        "b":{"state":"bad","reason":"password=%4$s key %5$s %6$s"}}}"""
            .formatted(
                Seeds.TOKEN,
                Seeds.PAYLOAD,
                Seeds.SESSION,
                Seeds.PASSWORD,
                Seeds.HEX,
                Seeds.PEM.replace("\n", "\\n")));
    Installation.write(
        paths.release("0.1.0").resolve("RELEASE"), "version=0.1.0\nnote=" + Seeds.PAYLOAD + "\n");
    Installation.write(
        paths.trust().resolve("targets.json"),
        "{\"signed\":{\"version\":3,\"custom\":\"%s\"},\"signatures\":[{\"sig\":\"%s\"}]}"
            .formatted(Seeds.PAYLOAD, Seeds.HEX));
  }

  private void seedNames() throws IOException {
    for (String name : new String[] {Seeds.TOKEN, Seeds.PAYLOAD, "1.0.0-" + Seeds.PASSWORD}) {
      Installation.write(paths.releases().resolve(name).resolve(name), name);
      Installation.write(paths.trust().resolve(name + ".json"), name);
      Installation.write(paths.logs().resolve(name + ".log"), name);
      Installation.write(paths.journal().resolve(name), name);
      Installation.write(paths.models().resolve("digits").resolve(name + "/x"), name);
      Installation.write(paths.models().resolve(name).resolve("1.0.0/manifest.json"), name);
      Installation.write(paths.configuration().resolve(name), name);
    }
  }

  private void seedLog() throws IOException {
    Files.writeString(
        paths.log(),
        """
        {"level":"INFO","message":"request","body":"%1$s","authorization":"Bearer %2$s"}
        {"level":"WARN","message":"cannot read the request: %1$s","status":500}
        {"level":"WARN","message":"cannot read '%1$s'","model":"%3$s"}
        {"level":"WARN","message":"new token %3$s, key %4$s"}
        {"level":"WARN","message":"the password is %5$s","error":"{\\"text\\": \\"%1$s\\"}"}
        {"level":"WARN","message":"%6$s","%3$s":1,"headers":{"Cookie":"%2$s"}}
        {"level":"ERROR","message":"x","thrown":"java.lang.IllegalStateException: %1$s\\n\
        \\tat io.cloister.appliance.worker.Session.run(Session.java:42)\\n%5$s"}
        {"level":"ERROR","message":"%1$s
        java.io.IOException: %1$s
        \tat io.cloister.appliance.Main.main(Main.java:1)
        POST /v2/models/x/infer?text=%5$s HTTP/1.1
        Authorization: Bearer %2$s
        %7$s
        %1$s
        {"event":"request_failed","request_id":"%8$s","method":"%8$s","path":"/v2/models/%8$s",\
        "status":404,"model":"%8$s","version":"%8$s","model_name":"%8$s","model_version":"%8$s"}
        {"event":"request_failed","request_id":"0123456789abcdef","method":"POST","status":400,\
        "model":"digits","version":"1.0.0"}
        """
            .formatted(
                Seeds.PAYLOAD,
                Seeds.SESSION,
                Seeds.TOKEN,
                Seeds.HEX,
                Seeds.PASSWORD,
                Seeds.PEM.replace("\n", "\\n"),
                Seeds.PEM,
                Seeds.CALLER),
        StandardOpenOption.APPEND);
  }

  private void seedApplianceFolder() throws IOException {
    Installation.write(paths.appliance().resolve("tls/key.pem"), Seeds.PEM);
    Installation.write(paths.appliance().resolve("db/cloister.mv.db"), Seeds.PAYLOAD);
  }

  private void collectInAProcessWithSecretsInItsEnvironment() throws Exception {
    ProcessBuilder java =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            CollectMain.class.getName(),
            paths.root().toString(),
            output.toString());
    java.environment().putAll(Map.of("CLOISTER_TOKEN", Seeds.TOKEN, "PASSWORD", Seeds.PASSWORD));
    Process child = java.inheritIO().start();
    assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(child.exitValue()).isZero();
  }

  @Test
  void aLinkFromTheLogToAKeyOrOutOfTheFolderIsNotFollowed() throws Exception {
    seedApplianceFolder();
    Files.delete(paths.log());
    Files.createSymbolicLink(paths.log(), paths.appliance().resolve("tls/key.pem"));
    Path outside = Files.createDirectory(folder.resolve("outside"));
    Installation.write(outside.resolve("slots.json"), "{\"active\":\"a\"}");
    Files.delete(paths.trust().resolve("timestamp.json"));
    Files.delete(paths.trust());
    Files.createSymbolicLink(paths.trust(), paths.appliance().resolve("tls"));
    Files.delete(paths.settings());
    Files.delete(paths.configuration());
    Files.createSymbolicLink(paths.configuration(), outside);
    Installation.write(outside.resolve("cloister.yaml"), "listeners: {}");

    Unpacked archive = installation.collect(output);
    assertThat(archive.json("logs/appliance.log").path("not_collected").asText())
        .isEqualTo("not an ordinary file");
    assertThat(archive.json("settings.json").path("not_collected").asText())
        .isEqualTo("a link leads out of the folders that may be read");
    assertThat(archive.json("trust.json").path("metadata").isEmpty()).isTrue();
    assertThat(Seeds.in(archive.tar())).isEmpty();
  }

  @Test
  void everyLookOfASecretIsCutFromText() {
    for (String text :
        new String[] {
          "Authorization: Basic " + Seeds.SESSION,
          "bearer " + Seeds.SESSION,
          "set " + Seeds.TOKEN + ".",
          "db_password = " + Seeds.PASSWORD,
          "\"api-key\":\"" + Seeds.PASSWORD + "\"",
          "https://user:" + Seeds.PASSWORD + "@host/",
          "key " + Seeds.KEY,
          "sum " + Seeds.HEX,
          Seeds.PEM,
          Seeds.PEM.substring(0, 60),
          Seeds.PEM.substring(30)
        }) {
      String cut = Secrets.cut(text, new Redactions());
      assertThat(Seeds.in(cut.getBytes(StandardCharsets.UTF_8))).as(text).isEmpty();
      assertThat(cut).contains("<redacted:");
    }
    assertThat(Secrets.cut("worker 1.0.0 ended with 139", new Redactions()))
        .isEqualTo("worker 1.0.0 ended with 139");
  }
}
