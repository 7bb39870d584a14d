package io.cloister.installer.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service's Java runtime reports its crash on stderr, which is its log. */
final class CrashReportTest {
  @TempDir Path folder;

  /** Waits to be crashed. */
  public static void main(String[] arguments) throws Exception {
    System.out.println("started");
    Thread.sleep(60_000);
  }

  @Test
  void ofACrashReportTheSignalAndTheFramesLeaveAndNothingElse() throws Exception {
    Installation installation = new Installation(Files.createDirectory(folder.resolve("root")));
    ProcessBuilder java =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+ErrorFileToStderr",
            "-XX:-CreateCoredumpOnCrash",
            "-Dof=" + Seeds.CALLER,
            "-cp",
            System.getProperty("java.class.path"),
            CrashReportTest.class.getName(),
            Seeds.PASSWORD);
    Path log = installation.paths.log();
    java.environment().put("LD_LIBRARY_PATH", "/" + Seeds.TOKEN);
    Process child = java.redirectError(Redirect.appendTo(log.toFile())).start();
    assertThat(child.inputReader().readLine()).isEqualTo("started");
    new ProcessBuilder("sh", "-c", "kill -SEGV " + child.pid()).start().waitFor();
    assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(Seeds.in(Files.readAllBytes(log))).contains("mueller", "hunter2", "8fk2mqv9");
    Unpacked archive = installation.collect(folder.resolve("archive.tar.gz"));
    assertThat(Seeds.in(archive.tar())).isEmpty();
    assertThat(archive.text("logs/appliance.log").lines())
        .contains("SIGSEGV (0xb)")
        .anyMatch(line -> line.startsWith("C  [lib"));
  }
}
