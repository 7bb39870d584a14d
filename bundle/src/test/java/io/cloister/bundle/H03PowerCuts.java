package io.cloister.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power is cut at random moments of an update of runtime and model; {@code -Dcuts=N} says how
 * often.
 */
class H03PowerCuts {
  /** Enough for the switch, where the release is staged already. */
  private static final int SWITCH_MILLIS = 10_000;

  @TempDir Path folder;

  @Test
  void afterEachCutTheOldOrTheNewReleaseServes() throws IOException, InterruptedException {
    Vendor vendor = Vendor.open(folder.resolve("vendor")).addRuntime().addModel("1.0.0");
    Path first = vendor.publish("first");
    Path second = vendor.addRuntime("0.1.1").addModel("1.1.0").publish("second");
    Random random = new Random(Long.getLong("seed", 1));
    int changed = 0;
    try (TestHost host = TestHost.up("cuts")) {
      host.media(first);
      host.install(first).ended(0);
      int whole = update(host, second);
      host.types("cloister", "rollback").ended(0);
      for (int i = 0; i < Integer.getInteger("cuts", 6); i++) {
        host.does("eject");
        host.media(second);
        Process update = host.begins("cloister", "update", "/media/usb");
        int longest = i % 2 == 0 ? SWITCH_MILLIS : whole;
        update.waitFor(random.nextInt(longest), TimeUnit.MILLISECONDS);
        host.does("powercut").ended(0);
        host.does("boot").ended(0);
        host.awaitReady();
        boolean serves = servesNew(host);
        System.out.printf("cut %d: the %s release serves%n", i + 1, serves ? "new" : "old");
        if (serves) {
          changed++;
          host.types("cloister", "rollback").ended(0);
        }
      }
      update(host, second);
      assertThat(servesNew(host)).isTrue();
    }
    System.out.println("the new release served after " + changed + " cuts");
  }

  /** How long it took, in milliseconds. */
  private static int update(TestHost host, Path medium) throws IOException, InterruptedException {
    host.does("eject");
    host.media(medium);
    long start = System.nanoTime();
    host.types("cloister", "update", "/media/usb").ended(0);
    return (int) Duration.ofNanos(System.nanoTime() - start).toMillis();
  }

  /** All of one release, and none of the other. */
  private static boolean servesNew(TestHost host) throws IOException, InterruptedException {
    JsonNode status =
        new ObjectMapper()
            .readTree(host.types("cloister", "status", "--json").ended(0).output())
            .path("result");
    JsonNode active = status.path("slots").path(status.path("active").asText());
    assertThat(active.path("state").asText()).isIn("good", "probation");
    String release = active.path("deployment").path("release").path("version").asText();
    JsonNode model = status.path("service").path("models").path(0);
    assertThat(status.path("service").path("models")).hasSize(1);
    assertThat(model.path("state").asText()).isEqualTo("ready");
    assertThat(model.path("version").asText())
        .isEqualTo(release.equals("0.1.1") ? "1.1.0" : "1.0.0");
    assertThat(release).isIn("0.1.0", "0.1.1");
    return release.equals("0.1.1");
  }
}
