package io.cloister.installer.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ProcessIdentityTest {
  private static Process start(String script) throws IOException {
    return new ProcessBuilder("/bin/sh", "-c", script).start();
  }

  @Test
  void aProcessStaysItselfWhileItBecomesOtherPrograms() throws Exception {
    for (int round = 0; round < 50; round++) {
      Process process = start("exec sh -c 'exec sh -c \"exec nohup setsid sleep 10\"'");
      try {
        ProcessIdentity started = ProcessIdentity.find(process.pid()).orElseThrow();
        for (int look = 0; look < 100; look++) {
          assertThat(started.lives()).isTrue();
        }
      } finally {
        process.destroyForcibly().waitFor();
      }
    }
  }

  @Test
  void whatHasEndedDoesNotLive() throws Exception {
    Process process = start("sleep 10");
    ProcessIdentity started = ProcessIdentity.find(process.pid()).orElseThrow();
    process.destroyForcibly().waitFor();
    assertThat(started.lives()).isFalse();
  }

  @Test
  void whatIsLeftOfAProcessUntilItsParentAsksDoesNotLive() throws Exception {
    Process parent = start("sleep 0 & echo $!; exec sleep 10");
    try {
      long child = Long.parseLong(parent.inputReader().readLine());
      long deadline = System.nanoTime() + 5_000_000_000L;
      while (ProcessIdentity.find(child).isPresent() && System.nanoTime() < deadline) {
        Thread.sleep(10);
      }
      assertThat(ProcessHandle.of(child)).isPresent();
      assertThat(ProcessIdentity.find(child)).isEmpty();
    } finally {
      parent.destroyForcibly().waitFor();
    }
  }

  @Test
  void anotherProcessWithTheSameIdIsNotIt() {
    ProcessIdentity own = ProcessIdentity.find(ProcessHandle.current().pid()).orElseThrow();
    assertThat(own.lives()).isTrue();
    assertThat(new ProcessIdentity(own.pid(), own.startTick() + "0", own.boot()).lives()).isFalse();
    assertThat(new ProcessIdentity(own.pid(), own.startTick(), "another boot").lives()).isFalse();
  }

  @Test
  void aLineIsReadAsItWasWrittenAndNothingElseIs() {
    ProcessIdentity own = ProcessIdentity.find(ProcessHandle.current().pid()).orElseThrow();
    assertThat(ProcessIdentity.parse(own.line())).isEqualTo(Optional.of(own));
    assertThat(ProcessIdentity.parse("")).isEmpty();
    assertThat(ProcessIdentity.parse("1234\n")).isEmpty();
    assertThat(ProcessIdentity.parse("x 1 y\n")).isEmpty();
  }
}
