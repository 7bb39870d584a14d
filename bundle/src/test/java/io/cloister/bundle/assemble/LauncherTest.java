package io.cloister.bundle.assemble;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service's launcher around a Java that only notes that it was started, and may take long. */
class LauncherTest {
  private static final Path LAUNCHERS = Path.of("src/main/launchers");
  private static final int SECONDS_MAX = 10;

  @TempDir Path scratch;
  private Path home;

  @BeforeEach
  void aReleaseBelowAPathWithASpace() throws IOException {
    home = scratch.resolve("a release");
    Path java = home.resolve("jre/bin/java");
    Files.createDirectories(java.getParent());
    Files.createDirectories(home.resolve("bin"));
    Files.createDirectories(home.resolve("lib"));
    Files.writeString(home.resolve("lib/jars.sha256"), "abcd\n");
    for (String name : List.of("cloister", "cloister-appliance", "cloister-repo")) {
      Files.copy(LAUNCHERS.resolve(name), home.resolve("bin").resolve(name));
    }
    Folders.makeExecutable(
        Files.writeString(
            java,
            """
            #!/bin/sh
            home=$(dirname "$0")/../..
            echo $$ >> "$home/started"
            umask > "$home/umask"
            echo "$@" > "$home/words"
            env > "$home/environment"
            for word; do
              case $word in
                -XX:AOTConfiguration=* | -XX:AOTCache=*) echo bytes >> "${word#*=}" ;;
                -Dcloister.worker.recorded=*)
                  [ -e "$home/no-worker" ] || echo bytes >> "${word#*=}" ;;
              esac
            done
            [ ! -e "$home/takes-long" ] || exec sleep 60
            """));
  }

  private Process launch(String tethered, String command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(home.resolve("bin/cloister-appliance").toString(), command)
            .directory(scratch.toFile())
            .redirectErrorStream(true)
            .redirectOutput(scratch.resolve("output").toFile());
    builder.environment().put("CLOISTER_TETHERED", tethered);
    return builder.start();
  }

  private static int status(Process process) throws InterruptedException {
    assertThat(process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private long startedPid() throws IOException, InterruptedException {
    Path file = home.resolve("started");
    for (int i = 0; i < SECONDS_MAX * 50 && file.toFile().length() == 0; i++) {
      Thread.sleep(20);
    }
    return Files.readString(file).lines().mapToLong(Long::parseLong).findFirst().orElseThrow();
  }

  @Test
  void trainingRecordsThenCreatesAndLeavesTheArchivesOnly() throws Exception {
    for (String tethered : new String[] {"", "1"}) {
      Files.deleteIfExists(home.resolve("started"));
      Process train = launch(tethered, "train");
      assertThat(status(train)).isZero();
      assertThat(home.resolve("started").toFile()).content().hasLineCount(5);
      assertThat(home.resolve("aot").toFile().list())
          .containsExactlyInAnyOrder("abcd.aot", "worker-abcd.aot", "operator-abcd.aot");
      for (String archive : List.of("abcd.aot", "worker-abcd.aot", "operator-abcd.aot")) {
        Files.delete(home.resolve("aot").resolve(archive));
      }
    }
  }

  @Test
  void whereNoWorkerRanThereIsNoArchiveOfOne() throws Exception {
    Files.createFile(home.resolve("no-worker"));
    assertThat(status(launch("", "train"))).isZero();
    assertThat(home.resolve("aot").toFile().list())
        .containsExactlyInAnyOrder("abcd.aot", "operator-abcd.aot");
  }

  @Test
  void whatIsTetheredIsKilledWhenStandardInputEnds() throws Exception {
    Files.createFile(home.resolve("takes-long"));
    for (String command : new String[] {"train", "setup"}) {
      Files.deleteIfExists(home.resolve("started"));
      Process process = launch("1", command);
      ProcessHandle java = ProcessHandle.of(startedPid()).orElseThrow();
      assertThat(java.isAlive()).isTrue();
      process.getOutputStream().close();
      assertThat(status(process)).isEqualTo(128 + 9);
      assertThat(java.isAlive()).isFalse();
      assertThat(home.resolve("started").toFile()).content().hasLineCount(1);
    }
    assertThat(home.resolve("aot")).isEmptyDirectory();
  }

  @Test
  void whatIsNotTetheredRunsToItsEndWithoutStandardInput() throws Exception {
    Process setup = launch("", "setup");
    try (OutputStream in = setup.getOutputStream()) {
      in.flush();
    }
    assertThat(status(setup)).isZero();
  }

  @Test
  void javaTakesNoOptionsFromTheCallersEnvironment() throws Exception {
    for (String name : List.of("cloister", "cloister-appliance", "cloister-repo")) {
      var builder = new ProcessBuilder(home.resolve("bin").resolve(name).toString());
      for (String variable : List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS")) {
        builder.environment().put(variable, "-Dsomething");
      }
      assertThat(status(builder.start())).isZero();
      assertThat(home.resolve("environment")).content().doesNotContain("-Dsomething");
    }
  }

  @Test
  void aDamagedDigestOfTheJarsMeansNoArchiveAndNothingElse() throws Exception {
    Files.createDirectories(home.resolve("aot"));
    for (String archive : List.of("abcd.aot", "operator-abcd.aot")) {
      Files.createFile(home.resolve("aot").resolve(archive));
    }
    for (String damaged : List.of("", "abcd")) {
      Files.writeString(home.resolve("lib/jars.sha256"), damaged);
      for (String name : List.of("cloister", "cloister-appliance")) {
        Files.deleteIfExists(home.resolve("words"));
        String program = home.resolve("bin").resolve(name).toString();
        assertThat(status(new ProcessBuilder(program, "status").start())).as(name).isZero();
        assertThat(home.resolve("words")).content().endsWith("status\n").doesNotContain("aot/");
      }
      assertThat(status(launch("", "train"))).isEqualTo(1);
    }
  }

  @Test
  void aProgramFindsItsReleaseByWhicheverLinkItIsCalled() throws Exception {
    Path links = Files.createDirectory(scratch.resolve("links"));
    Files.createSymbolicLink(links.resolve("current"), Path.of("../a release"));
    Files.createSymbolicLink(links.resolve("cloister"), Path.of("current/bin/cloister"));
    Files.createSymbolicLink(scratch.resolve("c"), links.resolve("cloister"));
    var shell = List.of("sh", "-c", "CDPATH=/tmp PATH=$PWD:$PATH c status");
    assertThat(status(new ProcessBuilder(shell).directory(scratch.toFile()).start())).isZero();
    assertThat(home.resolve("words")).content().contains("-Dcloister.home=" + home + " ");
  }

  @Test
  void trainingTakesAwayWhatAnInterruptedOneLeft() throws Exception {
    Files.createDirectories(home.resolve("aot"));
    for (String left : List.of("worker-abcd.aot.new", "worker-old.aot.recorded")) {
      Files.createFile(home.resolve("aot").resolve(left));
    }
    assertThat(status(launch("", "train"))).isZero();
    assertThat(home.resolve("aot").toFile().list())
        .containsExactlyInAnyOrder("abcd.aot", "worker-abcd.aot", "operator-abcd.aot");
  }

  @Test
  void whatTheOperatorInstallsIsReadableWhateverTheirUmask() throws Exception {
    for (String umask : new String[] {"0077", "0022", "0000"}) {
      var shell = List.of("sh", "-c", "umask " + umask + " && exec \"$0\"", home + "/bin/cloister");
      assertThat(status(new ProcessBuilder(shell).start())).isZero();
      assertThat(home.resolve("umask")).hasContent("0022\n");
    }
  }
}
