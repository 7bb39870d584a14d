package io.cloister.installer;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.installer.testing.CloisterProcess;
import io.cloister.installer.testing.FakeRelease;
import io.cloister.installer.testing.Operator;
import io.cloister.installer.testing.TestMedium;
import io.cloister.repo.content.Kind;
import io.cloister.repo.testing.Golden;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/operating/install.md tells the operator to type is typed, by a shell. */
final class InstallPageTest {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\\n(.*?)^```$");

  @TempDir Path folder;

  @AfterEach
  void nothingKeepsRunning() {
    Operator.at(folder.resolve("work/trial")).types("stop");
  }

  @Test
  void theOperatorsPageWorksAsItIsWritten() throws Exception {
    Path release = FakeRelease.write(folder.resolve("release"), "0.1.0");
    var vendor =
        new TestMedium(folder.resolve("vendor")).add(Kind.RUNTIME, "linux-x64", "0.1.0", release);
    Path work = Files.createDirectory(folder.resolve("work"));
    Files.createSymbolicLink(work.resolve("medium"), vendor.folder());
    Path bin = Files.createDirectory(folder.resolve("bin"));
    Path cloister = bin.resolve("cloister");
    Files.writeString(cloister, "#!/bin/sh\nexec " + CloisterProcess.shellCommand() + " \"$@\"\n");
    Files.setPosixFilePermissions(cloister, PosixFilePermissions.fromString("rwx------"));
    Path output = folder.resolve("output");
    ProcessBuilder shell =
        new ProcessBuilder(
                "sh", "-eux", Files.writeString(folder.resolve("page.sh"), blocks()).toString())
            .directory(work.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    shell.environment().put("DIGEST", vendor.anchor().substring("sha256:".length()));
    shell.environment().merge("PATH", bin.toString(), (path, ours) -> ours + ":" + path);
    Process process = shell.start();
    boolean ended = process.waitFor(5, TimeUnit.MINUTES);
    process.destroyForcibly();
    String text = Files.readString(output);
    assertThat(ended ? process.exitValue() : -1).as(text).isZero();
    assertThat(text)
        .contains("every byte of this medium is proven", "nothing was done", "release 0.1.0 serves")
        .contains("nothing on this medium is newer", "nothing of Cloister is left");
  }

  private static String blocks() throws Exception {
    String page = Files.readString(Golden.docs().resolve("operating/install.md"));
    return BLOCK.matcher(page).results().map(b -> b.group(1)).collect(Collectors.joining());
  }
}
