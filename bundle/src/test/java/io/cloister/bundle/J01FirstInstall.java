package io.cloister.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a medium to a model that answers, and away again. */
class J01FirstInstall {
  @TempDir static Path vendor;
  private static Path medium;

  @BeforeAll
  static void publish() throws IOException, InterruptedException {
    medium = Vendor.open(vendor).addRuntime().addModel("1.0.0").publish("medium");
  }

  @Test
  void whatIsInstalledServesSurvivesAKilledWorkerAndGoesAway()
      throws IOException, InterruptedException {
    try (Site site = Site.open(medium)) {
      site.verify(medium).ended(0);
      assertThat(site.files()).as("verify writes nothing").isEmpty();
      site.install(medium).ended(0);

      assertThat(site.get("/v2/health/ready").statusCode()).isEqualTo(200);
      assertThat(site.get("/v2/models/" + Vendor.MODEL).statusCode())
          .as("without a token")
          .isEqualTo(401);
      assertThat(site.serving()).isEqualTo("1.0.0");

      long killed = worker(site);
      Command.run(List.of("kill", "-9", String.valueOf(killed))).ended(0);
      waitUntilAnswered(site);
      assertThat(worker(site)).isNotEqualTo(killed);

      site.cloister("stop").ended(0);
      site.cloister("start").ended(0);
      assertThat(site.serving()).isEqualTo("1.0.0");

      site.cloister("uninstall").ended(0);
      assertThat(site.files()).as("what uninstall left").isEmpty();
    }
  }

  @Test
  void aChangedByteIsRefusedAndTheHostStaysAsItWas() throws IOException, InterruptedException {
    Path blob = largestBlob();
    flip(blob);
    try (Site site = Site.open(medium)) {
      Command refused = site.verify(medium);
      assertThat(refused.status()).as(refused.output()).isIn(3, 5);
      assertThat(refused.output()).contains("error: ").contains("  next ");
      assertThat(site.install(medium).status()).isEqualTo(refused.status());
      assertThat(site.files()).as("what a refused install left").isEmpty();
    } finally {
      flip(blob);
    }
  }

  @Test
  void anInstallThatIsKilledWhileTheReleaseTrainsLeavesNoProcessAndNoFile()
      throws IOException, InterruptedException {
    for (String step : List.of("AOTMode=record", "AOTMode=create")) {
      try (Site site = Site.open(medium)) {
        Process install = site.beginInstall(medium);
        within(60, () -> site.running().stream().anyMatch(line -> line.contains(step)));
        install.destroyForcibly().waitFor();
        within(5, () -> site.running().isEmpty());
        site.cloister("uninstall").ended(0);
        assertThat(site.files()).as("what uninstall left").isEmpty();
      }
    }
  }

  private static void within(int seconds, BooleanSupplier condition) throws InterruptedException {
    Instant deadline = Instant.now().plusSeconds(seconds);
    while (!condition.getAsBoolean()) {
      assertThat(Instant.now()).as("within %s s", seconds).isBefore(deadline);
      Thread.sleep(50);
    }
  }

  private static long worker(Site site) throws IOException, InterruptedException {
    JsonNode status = site.status();
    return status.findValues("pid").stream()
        .mapToLong(JsonNode::asLong)
        .filter(pid -> pid > 0)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no worker in " + status));
  }

  private static void waitUntilAnswered(Site site) throws IOException, InterruptedException {
    Instant deadline = Instant.now().plus(Duration.ofSeconds(30));
    int status = 0;
    while (status != 200 && Instant.now().isBefore(deadline)) {
      Thread.sleep(100);
      status = site.embed("Are you there?").statusCode();
    }
    assertThat(status).as("an answer within 30 s of the worker's death").isEqualTo(200);
  }

  private static Path largestBlob() throws IOException {
    try (Stream<Path> blobs = Files.walk(medium.resolve("blobs"))) {
      return blobs
          .filter(Files::isRegularFile)
          .max(Comparator.comparingLong(blob -> blob.toFile().length()))
          .orElseThrow();
    }
  }

  private static void flip(Path blob) throws IOException {
    byte[] bytes = Files.readAllBytes(blob);
    bytes[bytes.length / 2] ^= 1;
    Files.write(blob, bytes, StandardOpenOption.WRITE);
  }
}
