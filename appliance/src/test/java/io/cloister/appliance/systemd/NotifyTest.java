package io.cloister.appliance.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What systemd would hear, on a datagram socket that Python opens. */
final class NotifyTest {
  private static final String LISTEN =
      """
      import socket, sys
      s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
      s.bind(sys.argv[1].replace('@', chr(0)))
      print('listening', flush=True)
      print(s.recv(100).decode(), flush=True)
      """;

  @TempDir Path folder;

  @BeforeAll
  static void python() {
    assumeThat(Path.of("/usr/bin/python3")).exists();
  }

  private String heard(String socket, String assignment) throws IOException {
    Process listener = new ProcessBuilder("python3", "-c", LISTEN, socket).start();
    try (BufferedReader said = listener.inputReader()) {
      assertThat(said.readLine()).isEqualTo("listening");
      Notify.of(Map.of("NOTIFY_SOCKET", socket), 7).send(assignment);
      return String.valueOf(said.readLine());
    }
  }

  @Test
  void systemdHearsWhatIsSaid() throws Exception {
    assertThat(heard(folder.resolve("notify").toString(), Notify.READY)).isEqualTo("READY=1");
    assertThat(heard("@cloister-" + System.nanoTime(), Notify.ALIVE)).isEqualTo("WATCHDOG=1");
  }

  @Test
  void whereNobodyListensNothingIsSaid() throws Exception {
    Notify nobody = Notify.of(Map.of(), 7);
    nobody.send(Notify.READY);
    assertThat(nobody.watchdog()).isEmpty();
    Notify gone = Notify.of(Map.of("NOTIFY_SOCKET", folder.resolve("gone").toString()), 7);
    assertThatThrownBy(() -> gone.send(Notify.READY)).isInstanceOf(IOException.class);
  }

  @Test
  void theWatchdogIsOfThisProcessOnly() {
    var mine = Map.of("WATCHDOG_USEC", "30000000", "WATCHDOG_PID", "7");
    assertThat(Notify.of(mine, 7).watchdog()).isEqualTo(Optional.of(Duration.ofSeconds(30)));
    assertThat(Notify.of(mine, 8).watchdog()).isEmpty();
  }
}
