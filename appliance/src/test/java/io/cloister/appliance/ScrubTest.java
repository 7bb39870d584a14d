package io.cloister.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.appliance.config.Documents;
import io.cloister.appliance.config.Settings;
import io.cloister.appliance.model.Deployment;
import io.cloister.appliance.scrub.Scrub;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What changes silently on the disk is found while the appliance serves. */
class ScrubTest {
  private static final Logger LOGGER = Logger.getLogger(Scrub.class.getName());

  private final List<String> log = new CopyOnWriteArrayList<>();
  private final Handler handler =
      new StreamHandler() {
        @Override
        public void publish(LogRecord record) {
          log.add(record.getMessage());
        }
      };
  private InstalledRoot root;
  private RunningAppliance appliance;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    root = new InstalledRoot(folder);
    root.add("digits", "1.0.0", "digits-1.0.0.onnx", ModelRows.digits());
    root.clear();
    root.add("digits", "1.1.0", "digits-1.1.0.onnx", ModelRows.digits());
    root.deploy();
    appliance = new RunningAppliance(root).settled();
  }

  @BeforeEach
  void listen() {
    LOGGER.addHandler(handler);
  }

  @AfterEach
  void stop() throws Exception {
    LOGGER.removeHandler(handler);
    appliance.close();
  }

  private JsonNode ask(String command) throws Exception {
    String answer = appliance.operator("{\"do\":\"" + command + "\"}");
    return Documents.parseJson(answer.getBytes(StandardCharsets.UTF_8));
  }

  /** Asks for a pass and waits for its end. */
  private JsonNode pass() throws Exception {
    long before = ask("status").path("scrub").path("passes").asLong();
    assertThat(ask("scrub").path("asked").asBoolean()).isTrue();
    JsonNode scrub = ask("status").path("scrub");
    for (int i = 0; i < 600 && scrub.path("passes").asLong() == before; i++) {
      Thread.sleep(50);
      scrub = ask("status").path("scrub");
    }
    assertThat(scrub.path("passes").asLong()).isEqualTo(before + 1);
    return scrub;
  }

  private Path graph(String version) throws Exception {
    return root.folder("digits", version).resolve("model.onnx");
  }

  private static void flip(Path file, int offset) throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    bytes[offset] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  void aFlippedBitInAModelOfEitherSlotIsFoundLoggedCountedAndShown() throws Exception {
    JsonNode sound = pass();
    assertThat(sound.path("faults")).isEmpty();
    assertThat(sound.path("bytes").asLong())
        .isGreaterThan(Files.size(graph("1.0.0")) + Files.size(graph("1.1.0")));
    flip(graph("1.0.0"), 700);
    flip(graph("1.1.0"), 900);
    JsonNode scrub = pass();
    assertThat(scrub.path("fault_count").asInt()).isEqualTo(2);
    JsonNode fault = scrub.path("faults").path(1);
    assertThat(fault.path("package").asText()).isEqualTo("model-digits-1.1.0");
    assertThat(fault.path("file").asText()).isEqualTo("model.onnx");
    assertThat(fault.path("expected").asText()).startsWith("sha256 ");
    assertThat(fault.path("found").asText()).startsWith("sha256 ");
    assertThat(scrub.path("faults").path(0).path("package").asText())
        .isEqualTo("model-digits-1.0.0");
    assertThat(log).hasSize(2).allMatch(line -> line.startsWith("an installed file was changed"));
    assertThat(appliance.get(appliance.console("/metrics")).body())
        .contains("cloister_scrub_faults 2\n", "cloister_scrub_passes_total 2\n");
    assertThat(appliance.get(appliance.console("/api/overview")).body())
        .contains("\"fault_count\":2");
    assertThat(ask("status").path("ready").asBoolean()).isTrue();
  }

  @Test
  void aPassThatEndsInAnErrorIsToldAndTheNextOneIsMade(@TempDir Path empty) throws Exception {
    AtomicBoolean broken = new AtomicBoolean(true);
    Supplier<Optional<Deployment>> deployment =
        () -> {
          if (broken.get()) {
            throw new StackOverflowError("too deep");
          }
          return Optional.empty();
        };
    var settings = new Settings.Scrub(Duration.ZERO, 1 << 20);
    try (Scrub scrub =
        new Scrub(
            empty,
            Optional.empty(),
            deployment,
            settings,
            InstantSource.system(),
            Optional.empty())) {
      scrub.start();
      scrub.ask();
      await(() -> scrub.report().failure().isPresent());
      assertThat(scrub.report().failure().orElseThrow().reason()).contains("too deep");
      broken.set(false);
      scrub.ask();
      await(() -> scrub.report().passes() == 1);
      assertThat(scrub.report().failure()).isEmpty();
    }
  }

  private static void await(BooleanSupplier seen) throws Exception {
    for (int i = 0; i < 600 && !seen.getAsBoolean(); i++) {
      Thread.sleep(50);
    }
    assertThat(seen.getAsBoolean()).isTrue();
  }

  @Test
  void somebodyIsCalledForWhatIsWrongAndWhateverTheServicesOwnFolderHolds() throws Exception {
    Path call = root.folders().root().resolve("run/cloister/repair");
    pass();
    assertThat(call).doesNotExist();
    flip(graph("1.1.0"), 900);
    pass();
    assertThat(call).isEmptyFile();
    pass();
    Path precious = Files.writeString(call.resolveSibling("precious"), "as it was");
    Files.delete(call);
    Files.createSymbolicLink(call, precious);
    pass();
    assertThat(precious).hasContent("as it was");
  }

  @Test
  void whatWasPutRightIsNoFaultAnyMoreAndAModelIsLoadedAnewWithoutAPause() throws Exception {
    byte[] right = Files.readAllBytes(graph("1.1.0"));
    flip(graph("1.1.0"), 900);
    assertThat(pass().path("fault_count").asInt()).isEqualTo(1);
    String refused = appliance.operator("{\"do\":\"reload\",\"model\":\"digits\"}");
    assertThat(refused).contains("\"applied\":false", "model.onnx was changed at byte 0");
    assertThat(ask("status").path("ready").asBoolean()).isTrue();
    Files.write(graph("1.1.0"), right);
    long old = ask("status").path("models").path(0).path("pid").asLong();
    assertThat(appliance.operator("{\"do\":\"reload\",\"model\":\"digits\"}"))
        .isEqualTo("{\"applied\":true,\"generation\":1}\n");
    assertThat(ask("status").path("models").path(0).path("pid").asLong()).isNotEqualTo(old);
    assertThat(pass().path("fault_count").asInt()).isZero();
    assertThat(appliance.operator("{\"do\":\"reload\",\"model\":\"none\"}"))
        .contains("no model none is routed");
  }

  @Test
  void filesThatGrewShrankOrWentAndAChangedManifestAreFound() throws Exception {
    Files.write(graph("1.1.0"), new byte[] {0}, StandardOpenOption.APPEND);
    Path folder = root.folder("digits", "1.1.0");
    Files.write(folder.resolve("golden.json"), new byte[0]);
    Files.delete(folder.resolve("model.yaml"));
    flip(root.folder("digits", "1.0.0").resolve("manifest.json"), 9);
    JsonNode faults = pass().path("faults");
    assertThat(faults).hasSize(4);
    assertThat(faults.findValuesAsText("file"))
        .containsExactly("manifest.json", "golden.json", "model.onnx", "model.yaml");
    assertThat(faults.findValuesAsText("found").subList(1, 4))
        .containsExactly("0 bytes", "more", "nothing");
  }

  @Test
  void theAcceptanceOfWhatServesIsInTheStatusAndThatOfWhatWasRefusedIsKept() throws Exception {
    JsonNode acceptance = ask("status").path("models").path(0).path("acceptance");
    assertThat(acceptance.path("accepted").asBoolean()).isTrue();
    assertThat(acceptance.path("rows").asInt()).isEqualTo(1);
    root.clear();
    String wrong = ModelRows.digits().replaceAll("\"data\":\\[3\\]", "\"data\":[4]");
    root.add("digits", "2.0.0", "digits-1.1.0.onnx", wrong);
    root.deploy();
    assertThat(appliance.operator("{\"do\":\"apply\"}")).contains("1 of 1 golden rows failed");
    JsonNode newest = ask("acceptance").path("reports").path(0);
    assertThat(newest.path("version").asText()).isEqualTo("2.0.0");
    assertThat(newest.path("accepted").asBoolean()).isFalse();
    assertThat(newest.path("faults").path(0).path("got").asText()).isEqualTo("3");
  }
}
