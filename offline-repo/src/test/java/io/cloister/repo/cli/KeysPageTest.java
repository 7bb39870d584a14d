package io.cloister.repo.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cloister.repo.testing.Golden;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/operating/keys.md tells the vendor to type is typed, by a shell. */
final class KeysPageTest {
  private static final String TOKENS = "## Keys on a token";
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\\n(.*?)^```$");
  private static final List<String> MODULES =
      List.of(
          "/usr/lib/softhsm/libsofthsm2.so",
          "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
          "/usr/lib64/pkcs11/libsofthsm2.so");

  @TempDir Path folder;

  private static String page() throws IOException {
    return Files.readString(Golden.docs().resolve("operating/keys.md"));
  }

  private static String commands(String text) {
    return BLOCK.matcher(text).results().map(block -> block.group(1)).collect(Collectors.joining());
  }

  /** What the shell prints; {@code cloister-repo} is this build's. */
  private String type(String commands, Map<String, String> environment) throws Exception {
    Path java = Path.of(System.getProperty("java.home"), "bin");
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Path program = bin.resolve("cloister-repo");
    Files.writeString(
        program,
        "#!/bin/sh\nexec %s/java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx512m %s -cp '%s' %s \"$@\"%n"
            .formatted(
                java,
                "--enable-native-access=ALL-UNNAMED",
                System.getProperty("java.class.path"),
                CloisterRepo.class.getName()));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    Path work = Files.createDirectories(folder.resolve("work"));
    Path script = Files.writeString(folder.resolve("page.sh"), commands);
    Path output = folder.resolve("output");
    ProcessBuilder shell =
        new ProcessBuilder("sh", "-eux", script.toString())
            .directory(work.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    shell.environment().putAll(environment);
    shell
        .environment()
        .merge("PATH", bin + File.pathSeparator + java, (path, ours) -> ours + ":" + path);
    Process process = shell.start();
    boolean ended = process.waitFor(5, TimeUnit.MINUTES);
    process.destroyForcibly();
    String text = Files.readString(output, StandardCharsets.UTF_8);
    assertThat(ended ? process.exitValue() : -1).as(text).isZero();
    return text;
  }

  @Test
  void theVendorsPageWorksAsItIsWritten() throws Exception {
    String page = page();
    String text = type(commands(page.substring(0, page.indexOf(TOKENS))), Map.of());
    assertThat(text)
        .contains("role      models/vision, version 1, 1 of 1 keys")
        .contains("- key of timestamp: ")
        .contains("dry run: nothing was changed")
        .contains("root version 4: 2 signatures by the keys of root version 3:")
        .contains("verified 1 packages");
  }

  @Test
  void keysOnATokenSignWithoutEverLeavingIt() throws Exception {
    Optional<String> module =
        Stream.concat(
                Optional.ofNullable(System.getenv("SOFTHSM2_MODULE")).stream(), MODULES.stream())
            .filter(each -> Files.exists(Path.of(each)))
            .findFirst();
    assumeTrue(
        module.isPresent(), "no SoftHSM2 here: apt-get install softhsm2, or SOFTHSM2_MODULE=FILE");
    Files.createDirectories(folder.resolve("tokens"));
    Path settings = folder.resolve("softhsm2.conf");
    Files.writeString(
        settings,
        "directories.tokendir = %s%nobjectstore.backend = file%nlog.level = ERROR%n"
            .formatted(folder.resolve("tokens")));
    Map<String, String> environment = new HashMap<>();
    environment.put("MODULE", module.get());
    environment.put("SOFTHSM2_CONF", settings.toString());
    String page = page();
    String text = type(commands(page.substring(page.indexOf(TOKENS))), environment);
    assertThat(text).contains("published 1 packages").contains(", ecdsa").contains(", rsa");
  }
}
