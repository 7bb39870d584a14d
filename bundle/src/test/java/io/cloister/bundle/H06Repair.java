package io.cloister.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host with both slots filled, whose disk changes what is installed. */
class H06Repair {
  @TempDir Path vendor;
  private Path next;
  private TestHost host;

  @BeforeEach
  void installAndUpdate() throws IOException, InterruptedException {
    Vendor site = Vendor.open(vendor).addRuntime().addModel("1.0.0");
    Path first = site.publish("first");
    next = site.addModel("1.1.0").publish("next");
    host = TestHost.up("repair");
    host.media(first);
    host.install(first).ended(0);
    host.eject();
    host.media(next);
    host.types("cloister", "update", "/media/usb").ended(0);
    host.eject();
  }

  @AfterEach
  void destroy() throws IOException {
    if (host != null) {
      host.close();
    }
  }

  @Test
  void whatChangesOnTheDiskIsPutRightByItselfFromTheOtherSlot()
      throws IOException, InterruptedException {
    // The pause before a repair bounds what a service that was taken over can have done.
    assertThat(host.types("systemctl", "cat", "cloister-repair.service").ended(0).output())
        .contains("ExecStartPre=/bin/sleep 600");
    String drops = "/run/systemd/system/cloister-repair.service.d";
    host.types("mkdir", "-p", drops).ended(0);
    host.types(
            "sh",
            "-c",
            "printf '[Service]\nExecStartPre=\nExecStartPre=/bin/sleep 1' >"
                + drops
                + "/shorter.conf")
        .ended(0);
    host.types("systemctl", "daemon-reload").ended(0);
    String right = host.types("sha256sum", graph("1.1.0")).ended(0).output();
    flip("1.1.0");
    assertThat(host.types("sha256sum", graph("1.1.0")).output()).isNotEqualTo(right);
    scrub();
    awaitJournal("put right: " + graph("1.1.0"));
    assertThat(host.types("sha256sum", graph("1.1.0")).output()).isEqualTo(right);
    awaitStatus(status -> !status.contains("changed  "));
    host.types("test", "-e", "/run/cloister/repair").ended(1);

    flip("1.0.0");
    flip("1.1.0");
    scrub();
    awaitJournal("[SLOT-CONTENT-CHANGED]");
    awaitStatus(
        status ->
            status.contains("changed  model-" + Vendor.MODEL + "-1.1.0 model.onnx")
                && status.contains("run: cloister repair MEDIA"));
    host.media(next);
    host.types("cloister", "repair", "/media/usb").ended(0);
    assertThat(host.types("sha256sum", graph("1.1.0")).output()).isEqualTo(right);
    awaitStatus(status -> !status.contains("changed  "));
    host.awaitReady();
  }

  private String graph(String version) {
    return "/var/lib/cloister/store/models/" + Vendor.MODEL + "/" + version + "/model.onnx";
  }

  /** One byte is another, on the disk. */
  private void flip(String version) throws IOException, InterruptedException {
    host.types(
            "sh",
            "-c",
            "printf '\\377\\000' | dd of=$1 bs=1 seek=9000000 conv=notrunc,fsync status=none",
            "sh",
            graph(version))
        .ended(0);
  }

  /** Asks the operator's socket, which no command does, since a pass comes by itself each day. */
  private void scrub() throws IOException, InterruptedException {
    String ask =
        "use IO::Socket::UNIX; my $s = IO::Socket::UNIX->new(Peer => $ARGV[0]) or die;"
            + " print $s qq({\"do\":\"scrub\"}\n); $s->flush; print <$s>";
    assertThat(host.types("perl", "-e", ask, "/run/cloister/0.1.0.sock").ended(0).output())
        .contains("asked");
  }

  private void awaitJournal(String text) throws IOException, InterruptedException {
    String journal = "";
    for (int i = 0; i < 240 && !journal.contains(text); i++) {
      Thread.sleep(500);
      journal = host.types("journalctl", "-b", "-u", "cloister-repair.service").output();
    }
    assertThat(journal).contains(text);
  }

  private void awaitStatus(Predicate<String> wanted) throws IOException, InterruptedException {
    String status = "";
    for (int i = 0; i < 240 && !wanted.test(status); i++) {
      Thread.sleep(500);
      status = host.types("cloister", "status").ended(0).output();
    }
    assertThat(status).matches(wanted);
  }
}
