package io.cloister.appliance.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SettingsFileTest {
  private static Settings parse(String yaml) throws SettingsRefused {
    return SettingsFile.parse(yaml.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> faults(String yaml) {
    return catchThrowableOfType(SettingsRefused.class, () -> parse(yaml)).faults().stream()
        .map(SettingsRefused.Fault::toString)
        .toList();
  }

  @Test
  void whatTheInstallerWritesIsRead() throws Exception {
    Settings settings =
        parse(
            """
            listeners:
              inference: {address: 127.0.0.1, port: 8443}
              console:   {address: "::1", port: 9443}
            limits: {request_bytes: 16777216, queue_per_model: 7, request_seconds: 5}
            scrub: {hours: 0, mib_per_second: 4}
            access_log: {mib: 64}
            """);
    assertThat(settings.listeners().inference()).hasToString("127.0.0.1:8443");
    assertThat(settings.listeners().console()).hasToString("[::1]:9443");
    assertThat(settings.limits())
        .isEqualTo(new Settings.Limits(16_777_216, 7, Duration.ofSeconds(5)));
  }

  @Test
  void tlsIsLeftOutOnlyOnAnAddressOfThisMachine() throws Exception {
    assertThat(parse("").listeners().inference().tls()).isTrue();
    for (String own : List.of("127.0.0.1", "127.0.0.2", "\"::1\"")) {
      String yaml = "listeners: {inference: {address: %s, tls: false}}".formatted(own);
      assertThat(parse(yaml).listeners().inference().tls()).isFalse();
    }
    for (String other : List.of("0.0.0.0", "192.0.2.7", "localhost", "\"::\"", "127.evil.test")) {
      assertThat(faults("listeners: {inference: {address: %s, tls: false}}".formatted(other)))
          .singleElement()
          .asString()
          .startsWith("listeners.inference.tls: is false, and tokens would be read");
    }
    assertThat(faults("listeners: {console: {tls: false}}"))
        .containsExactly("listeners.console.tls: is not a known key");
  }

  @Test
  void filesAreHashedAgainOnceADayUnlessTheSiteSaysOtherwise() throws Exception {
    assertThat(parse("").scrub()).isEqualTo(new Settings.Scrub(Duration.ofDays(1), 16 << 20));
    assertThat(parse("scrub: {hours: 0}").scrub().isOff()).isTrue();
    assertThat(faults("scrub: {hours: -1, mib_per_second: 0, now: true}"))
        .containsExactlyInAnyOrder(
            "scrub.hours: is not a whole number from 0 to 8760: -1",
            "scrub.mib_per_second: is not a whole number from 1 to 4096: 0",
            "scrub.now: is not a known key");
  }

  @Test
  void anEmptyFileMeansTheDefaults() throws Exception {
    assertThat(parse("")).isEqualTo(Settings.defaults());
    assertThat(parse("# nothing\n")).isEqualTo(Settings.defaults());
    assertThat(parse("limits:\n")).isEqualTo(Settings.defaults());
  }

  @Test
  void whatIsPrintedReadsBackAsItTookEffect() throws Exception {
    assertThat(parse(SettingsFile.print(Settings.defaults()))).isEqualTo(Settings.defaults());
  }

  @Test
  void everyProblemIsReportedAtOnce() {
    assertThat(
            faults(
                """
                listners: {}
                listeners: {inference: {port: 70000}, console: {address: "a b", port: "x"}}
                limits: {request_bytes: many, queue: 3}
                """))
        .containsExactlyInAnyOrder(
            "listners: is not a known key",
            "listeners.inference.port: is not a whole number from 0 to 65535: 70000",
            "listeners.console.address: is not an address: a b",
            "listeners.console.port: is not a whole number from 0 to 65535: \"x\"",
            "limits.queue: is not a known key",
            "limits.request_bytes: is not a whole number from 1024 to 1073741824: \"many\"");
  }

  @Test
  void onePortForBothListenersIsRefused() {
    assertThat(faults("listeners: {inference: {port: 9443}}"))
        .containsExactly("listeners.console.port: is the inference port too: 9443");
  }

  @Test
  void aKeyTwiceBrokenYamlAndAMissingFileAreRefused() {
    assertThat(faults("limits: {}\nlimits: {}\n")).singleElement().asString().contains("uplicate");
    assertThat(faults("limits: {")).singleElement().asString().contains("line");
    assertThat(faults("- a list")).containsExactly("(file): is not a mapping");
    SettingsRefused missing =
        catchThrowableOfType(
            SettingsRefused.class, () -> SettingsFile.read(Path.of("/nowhere/cloister.yaml")));
    assertThat(missing).hasMessageContaining("/nowhere/cloister.yaml: cannot be read");
  }
}
