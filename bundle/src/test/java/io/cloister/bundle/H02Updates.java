package io.cloister.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Updates of a serving host, while callers call. */
class H02Updates {
  private static final String URL = "https://127.0.0.1:8443/v2/models/" + Vendor.MODEL + "/infer";

  private static final String PROBATION = "cloister-probation.timer";

  @TempDir Path folder;

  @Test
  void noCallerNoticesAModelUpdateARuntimeUpdateOrTheWayBackAndForth()
      throws IOException, InterruptedException {
    Vendor vendor = Vendor.open(folder.resolve("vendor")).addRuntime().addModel("1.0.0");
    Path first = vendor.publish("first");
    Path second = vendor.addModel("1.1.0").publish("second");
    Path third = vendor.addRuntime("0.1.1").publish("third");
    try (TestHost host = TestHost.up("updates")) {
      host.media(first);
      host.install(first).ended(0);
      Path seen = folder.resolve("seen");
      Process callers = host.beginsInItsNetwork(LoadClient.class, seen, URL, host.token(), "8");
      Thread.sleep(2000);
      update(host, second, "1.1.0");
      update(host, third, "0.1.1");
      assertThat(host.types("systemctl", "is-active", PROBATION).ended(0).output())
          .contains("active");
      assertThat(host.types("cloister", "rollback").ended(0).output()).contains("0.1.0");
      update(host, third, "0.1.1");
      Thread.sleep(2000);
      callers.getOutputStream().close();
      assertThat(callers.waitFor()).isZero();
      assertThat(Files.readString(seen)).matches("200 \\d+\n");
      goesBackByItselfFromAReleaseThatEndsWithinItsProbation(host);
      staysWithAReleaseThatHeld(host);
    }
  }

  private static void goesBackByItselfFromAReleaseThatEndsWithinItsProbation(TestHost host)
      throws IOException, InterruptedException {
    assertThat(host.types("cloister", "status").ended(0).output())
        .contains("  active, probation: release 0.1.1");
    host.types("systemctl", "kill", "--signal=KILL", "cloister@0.1.1.service").ended(0);
    String status = awaitStatus(host, "  active, good: release 0.1.0");
    assertThat(status).contains("inactive, bad: release 0.1.1", "why  its process ended: signal");
    host.awaitReady();
  }

  /** Of a probation that is shorter than it is, or the test would take as long. */
  private void staysWithAReleaseThatHeld(TestHost host) throws IOException, InterruptedException {
    String rules = "/run/systemd/system/" + PROBATION + ".d";
    String shorter =
        "printf '[Timer]\\nOnActiveSec=\\nOnActiveSec=20s\\n' >" + rules + "/short.conf";
    host.types("sh", "-c", "mkdir -p " + rules + " && " + shorter).ended(0);
    host.types("cloister", "update", "/media/usb").ended(0);
    assertThat(host.types("cloister", "status").ended(0).output())
        .contains("  active, probation: release 0.1.1");
    awaitStatus(host, "  active, good: release 0.1.1");
    host.types("systemctl", "kill", "--signal=KILL", "cloister@0.1.1.service").ended(0);
    Thread.sleep(500);
    host.awaitReady();
    assertThat(host.types("cloister", "status").ended(0).output())
        .contains("  active, good: release 0.1.1");
  }

  private static String awaitStatus(TestHost host, String text)
      throws IOException, InterruptedException {
    String status = "";
    for (int i = 0; i < 120 && !status.contains(text); i++) {
      Thread.sleep(500);
      status = host.types("cloister", "status").output();
    }
    assertThat(status).contains(text);
    return status;
  }

  private static void update(TestHost host, Path medium, String version)
      throws IOException, InterruptedException {
    host.eject();
    host.media(medium);
    assertThat(host.types("cloister", "update", "/media/usb").ended(0).output()).contains(version);
    Thread.sleep(1000);
  }
}
