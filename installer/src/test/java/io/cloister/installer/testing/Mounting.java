package io.cloister.installer.testing;

import io.cloister.installer.cli.Cloister;
import io.cloister.installer.testing.Operator.Seen;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The operator's command on this very machine, among mounts that nobody else sees. Needs root. */
public final class Mounting {
  private Mounting() {}

  /** Whether this user, here, may mount. */
  public static boolean mayMount() throws IOException, InterruptedException {
    return System.getProperty("user.name").equals("root")
        && start("unshare -m mount -t tmpfs none /mnt").waitFor() == 0;
  }

  /**
   * What is printed, both streams as one.
   *
   * @param mounts shell commands
   */
  public static Seen types(String mounts, String... words)
      throws IOException, InterruptedException {
    String java =
        "exec '%s' --enable-native-access=ALL-UNNAMED -cp '%s' %s %s"
            .formatted(
                Path.of(System.getProperty("java.home"), "bin/java"),
                System.getProperty("java.class.path"),
                Cloister.class.getName(),
                String.join(" ", words));
    Process process = start("unshare -m sh -c \"" + mounts + " && " + java + "\"");
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Seen(process.waitFor(), printed, "");
  }

  private static Process start(String line) throws IOException {
    return new ProcessBuilder(List.of("/bin/sh", "-c", line)).redirectErrorStream(true).start();
  }
}
