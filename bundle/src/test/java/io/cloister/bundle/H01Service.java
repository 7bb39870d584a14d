package io.cloister.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** A service of a host of its own: installed from a medium, confined, there again after a boot. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class H01Service {
  private static final String UNIT = "cloister@0.1.0.service";

  @TempDir static Path vendor;
  private static Path medium;
  private static TestHost host;
  private static List<String> before;

  @BeforeAll
  static void boot() throws IOException, InterruptedException {
    host = TestHost.up("service");
    medium = Vendor.open(vendor).addRuntime().addModel("1.0.0").publish("medium");
    host.media(medium);
    before = host.files();
  }

  @AfterAll
  static void destroy() throws IOException {
    if (host != null) {
      host.close();
    }
  }

  @Test
  @Order(1)
  void aDryRunChangesNothing() throws IOException, InterruptedException {
    host.types(
            "sh",
            "/media/usb/setup.sh",
            "/media/usb",
            "--dry-run",
            "--trusted-root",
            Vendor.trustedRoot(medium))
        .ended(0);
    assertThat(host.files()).isEqualTo(before);
  }

  @Test
  @Order(2)
  void setupInstallsAServiceThatAnswersAndSurvivesAPowerCutRightAfter()
      throws IOException, InterruptedException {
    assertThat(host.install(medium).ended(0).output()).contains("release 0.1.0 serves", "token");
    host.awaitReady();
    host.does("powercut").ended(0);
    host.does("boot").ended(0);
    host.awaitReady();
    assertThat(host.types("cloister", "status").ended(0).output()).contains("running", "ready");
  }

  @Test
  @Order(3)
  void preflightFindsNothingAgainstAnUpdateOfTheRunningService()
      throws IOException, InterruptedException {
    host.media(medium);
    assertThat(host.types("cloister", "preflight", "/media/usb").ended(0).output())
        .contains("release 0.1.0, running", "this machine is fit");
  }

  @Test
  @Order(3)
  void theServiceIsConfined() throws IOException, InterruptedException {
    new Confinement(host, UNIT).ofEachUnitAndProcess();
  }

  @Test
  @Order(3)
  void eachWorkerHasAControlGroupOfItsOwnBesideTheServers()
      throws IOException, InterruptedException {
    new Confinement(host, UNIT).inControlGroups();
  }

  @Test
  @Order(3)
  void theDataIsEncryptedWithAKeyThatTheServiceIsGivenAndNobodyElseReads()
      throws IOException, InterruptedException {
    String data = "/var/lib/cloister/appliance/";
    assertThat(host.types("cat", data + "tls/key.pem").ended(0).output())
        .contains("BEGIN ENCRYPTED PRIVATE KEY");
    assertThat(host.types("head", "-c", "8", data + "db/0.1.0/cloister.mv.db").ended(0).output())
        .isEqualTo("H2encryp");
    assertThat(host.types("stat", "-c", "%a %U", "/var/lib/cloister/secrets").ended(0).output())
        .isEqualTo("700 root\n");
    assertThat(host.types("ls", "/var/lib/cloister/secrets").ended(0).output())
        .isEqualTo("data-key.cred\n");
  }

  @Test
  @Order(3)
  void theLogIsRootsAlone() throws IOException, InterruptedException {
    assertThatTheLogIsRootsAlone();
  }

  private static void assertThatTheLogIsRootsAlone() throws IOException, InterruptedException {
    assertThat(host.types("stat", "-c", "%a %U", "/var/log/cloister").ended(0).output())
        .isEqualTo("700 root\n");
    String log = "/var/log/cloister/appliance.log";
    assertThat(host.types("runuser", "-u", "nobody", "--", "cat", log).status()).isNotZero();
  }

  @Test
  @Order(4)
  void aLongLogIsBegunAnewOnceItIsKept() throws IOException, InterruptedException {
    String log = "/var/log/cloister/appliance.log";
    // As on a full disk, where a part of the copy finds room.
    String drops = "/run/systemd/system/cloister-log.service.d";
    String full = "mkdir $0; printf '[Service]\nLimitFSIZE=32M' >$0/full.conf";
    host.types("sh", "-c", full + "; systemctl daemon-reload", drops).ended(0);
    host.types("sh", "-c", "head -c 65M /dev/zero >>" + log).ended(0);
    assertThat(host.types("systemctl", "start", "cloister-log.service").status()).isNotZero();
    assertThat(size(log)).isGreaterThanOrEqualTo(65 << 20);
    assertThat(host.types("ls", "/var/log/cloister").output()).isEqualTo("appliance.log\n");
    host.types("sh", "-c", "rm -r $0; systemctl daemon-reload", drops).ended(0);
    host.types("ln", "-s", "/nowhere/at/all", log + ".1.new").ended(0);
    host.types("systemctl", "start", "cloister-log.service").ended(0);
    assertThat(size(log)).isLessThan(1 << 20);
    assertThat(size(log + ".1")).isGreaterThanOrEqualTo(65 << 20);
  }

  private static long size(String file) throws IOException, InterruptedException {
    return Long.parseLong(host.types("stat", "-c", "%s", file).ended(0).output().strip());
  }

  @Test
  @Order(3)
  void itsStartIsRecordedByRootForTheNextOne() throws IOException, InterruptedException {
    String unit = "cloister-train@0.1.0.service";
    for (int i = 0; i < 150 && host.types("systemctl", "is-active", unit).status() == 0; i++) {
      Thread.sleep(2000);
    }
    assertThat(host.types("systemctl", "show", "--value", "--property=Result", unit).output())
        .contains("success");
    String archives = "stat --format='%U %n' /opt/cloister/releases/0.1.0/aot/*.aot";
    assertThat(host.types("sh", "-c", archives).ended(0).output().lines())
        .anyMatch(line -> line.contains("/aot/operator-"))
        .hasSizeGreaterThanOrEqualTo(2)
        .allMatch(line -> line.startsWith("root "));
  }

  @Test
  @Order(4)
  void nothingOfTheServiceCanBeWrittenByItButItsOwnData() throws IOException, InterruptedException {
    new Confinement(host, UNIT).ofWhatItWritesAndSees();
  }

  /** As systemd does at boot, before an address comes from DHCP or a bond is up. */
  @Test
  @Order(4)
  void itListensOnAnAddressThatTheHostGetsLater() throws IOException, InterruptedException {
    String listener =
        """
        cd /run/systemd/system && printf '[Service]\\nExecStart=sleep 60' >later.service
        sed 's/^ListenStream=.*/ListenStream=192.0.2.7:8444/; /^Service=/d' \
          /etc/systemd/system/cloister-inference.socket >later.socket
        systemctl daemon-reload && systemctl start later.socket
        """;
    host.types("sh", "-c", listener).ended(0);
    String call = "exec 3<>/dev/tcp/192.0.2.7/8444";
    assertThat(host.does("net", "bash", "-c", call).status()).isNotZero();
    host.does("net", "ip", "address", "add", "192.0.2.7/32", "dev", "lo").ended(0);
    host.does("net", "bash", "-c", call).ended(0);
    host.types("sh", "-c", "systemctl stop later.*; rm /run/systemd/system/later.*").ended(0);
    host.does("net", "ip", "address", "del", "192.0.2.7/32", "dev", "lo").ended(0);
  }

  @Test
  @Order(4)
  void anOrdinaryUserIsToldToAskAsRoot() throws IOException, InterruptedException {
    assertThat(host.types("runuser", "-u", "nobody", "--", "cloister", "status").ended(4).output())
        .contains("[HOST-NOT-ROOT]", "sudo cloister status");
  }

  @Test
  @Order(5)
  void stoppedItRefusesCallersAndStartedItServesAgain() throws IOException, InterruptedException {
    host.types("cloister", "stop").ended(0);
    assertThat(host.types("cloister", "status").ended(8).output()).contains("SERVICE-DOWN");
    assertThat(host.does("net", "curl", "-ks", "https://127.0.0.1:8443/").status()).isEqualTo(7);
    host.types("cloister", "start").ended(0);
    host.awaitReady();
    // As where it is in memory.
    host.types("rm", "-r", "/var/log/cloister").ended(0);
    host.does("reboot").ended(0);
    host.awaitReady();
    assertThatTheLogIsRootsAlone();
  }

  @Test
  @Order(6)
  void aKilledServerAndAHungOneAreStartedAgain() throws IOException, InterruptedException {
    host.types("systemctl", "kill", "--signal=KILL", UNIT).ended(0);
    Thread.sleep(500);
    host.awaitReady();
  }

  @Test
  @Order(7)
  void repairPutsRightWhatWasChangedByHand() throws IOException, InterruptedException {
    String unit = "/etc/systemd/system/" + UNIT;
    host.types("sed", "-i", "s/^PrivateNetwork=yes/PrivateNetwork=no/", unit).ended(0);
    host.types("rm", "/usr/local/bin/cloister").ended(0);
    host.types("chown", "-R", "root", "/var/lib/cloister/appliance").ended(0);
    host.types("chmod", "755", "/var/log/cloister").ended(0);
    String cloister = "/opt/cloister/current/bin/cloister";
    assertThat(host.types(cloister, "repair").ended(0).output())
        .contains(
            "put right: " + unit,
            "put right: /usr/local/bin/cloister",
            "put right: /var/lib/cloister/appliance",
            "put right: /var/log/cloister");
    host.awaitReady();
    assertThat(host.types("cloister", "repair").ended(0).output())
        .contains("nothing was changed by hand");
    assertThat(host.types("grep", "-c", "^PrivateNetwork=yes", unit).output().strip())
        .isEqualTo("1");
  }

  @Test
  @Order(8)
  void aTokenIsMadeUsedAndRevokedAndNoBackupMakesItValidAgain()
      throws IOException, InterruptedException {
    String file = "/root/tokens.backup";
    String secret = "/root/passphrase";
    host.types("sh", "-c", "umask 077; echo a line nobody guesses > " + secret).ended(0);
    String leaked = host.types("cloister", "token", "create", "leaked").ended(0).output().strip();
    assertThat(host.answer(leaked)).isEqualTo("200");
    assertThat(host.answer(leaked, "9443/metrics")).isEqualTo("200");
    assertThat(host.answer(leaked, "9443/api/overview")).isEqualTo("403");
    host.types("cloister", "backup", file, "--passphrase-file", secret).ended(0);
    host.types("cloister", "token", "revoke", "leaked").ended(0);
    assertThat(host.answer(leaked)).isEqualTo("401");
    Command restored = host.types("cloister", "restore", file, "--passphrase-file", secret);
    assertThat(restored.ended(0).output()).contains("first  ADMIN").doesNotContain("leaked");
    host.awaitReady();
    assertThat(host.answer(leaked)).isEqualTo("401");
    assertThat(host.answer(host.token())).isEqualTo("200");
    String mode = "stat -c '%a %U' /var/lib/cloister/appliance/*tokens";
    assertThat(host.types("sh", "-c", mode).ended(0).output().lines())
        .isNotEmpty()
        .allMatch("600 cloister"::equals);
    host.types("rm", file, secret).ended(0);
  }

  @Test
  @Order(9)
  void aBackupBringsTheSitesTokensToAHostThatWasInstalledAnew()
      throws IOException, InterruptedException {
    String file = "/root/site.backup";
    String secret = "/root/passphrase";
    host.types("sh", "-c", "umask 077; echo a line nobody guesses > " + secret).ended(0);
    host.types("cloister", "backup", file, "--passphrase-file", secret).ended(0);
    String token = host.token();
    assertThat(host.answer(token)).isEqualTo("200");
    host.types("cloister", "uninstall").ended(0);
    host.types("rm", "/root/token").ended(0);
    host.does("eject");
    host.media(medium);
    host.install(medium).ended(0);
    host.awaitReady();
    assertThat(host.answer(token)).as("the token of another install").isEqualTo("401");
    host.types("cloister", "restore", file, "--passphrase-file", secret).ended(0);
    host.awaitReady();
    assertThat(host.answer(token)).isEqualTo("200");
    host.does("reboot").ended(0);
    host.awaitReady();
    assertThat(host.answer(token)).isEqualTo("200");
    host.types("rm", file, secret).ended(0);
  }

  @Test
  @Order(10)
  void uninstallLeavesNothing() throws IOException, InterruptedException {
    host.types("cloister", "uninstall").ended(0);
    assertThat(host.files()).isEqualTo(before);
    assertThat(host.types("id", "cloister").status()).isNotZero();
    assertThat(host.types("systemctl", "list-units", "--all", "cloister*").output())
        .doesNotContain("cloister");
  }
}
