package io.cloister.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A customer's host with a real systemd, a disk of its own and no network: scripts/testhost. What
 * is typed is typed as root.
 */
final class TestHost implements AutoCloseable {
  private static final Path SCRIPT = Path.of("../scripts/testhost").toAbsolutePath().normalize();
  private static final String TOKEN = "/root/token";

  /** With this status the script says that it is the machine which can have no host. */
  private static final int UNFIT = 4;

  private final String name;

  private TestHost(String name) {
    this.name = name;
  }

  /** Boots a new one; the test is skipped where this machine or this user cannot have any. */
  static TestHost up(String name) throws IOException, InterruptedException {
    return up(name, "TESTHOST_TRACED=");
  }

  /** Likewise, with every use of a socket written down. */
  static TestHost upTraced(String name) throws IOException, InterruptedException {
    return up(name, "TESTHOST_TRACED=1");
  }

  /** A whole machine, with control groups of all kinds and a TPM; everything takes long on it. */
  static TestHost upEmulated(String name) throws IOException, InterruptedException {
    return up(name, "TESTHOST_QEMU=1");
  }

  private static TestHost up(String name, String kind) throws IOException, InterruptedException {
    var host = new TestHost(name);
    host.close();
    List<String> line = new ArrayList<>(List.of("env", kind));
    line.addAll(host.line("up"));
    Command up = Command.run(line);
    if (up.status() != 0) {
      host.close();
    }
    assumeThat(up.status()).as("no host can be had here: %s", up.output()).isNotEqualTo(UNFIT);
    up.ended(0);
    assertThat(host.does("airgap").ended(0).output()).contains("no way out");
    return host;
  }

  private List<String> line(String... words) {
    List<String> line = new ArrayList<>(List.of(SCRIPT.toString(), "-n", name));
    line.addAll(List.of(words));
    return line;
  }

  /** A command of scripts/testhost. */
  Command does(String... words) throws IOException, InterruptedException {
    return Command.run(line(words));
  }

  /** A command typed on the host. */
  Command types(String... words) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of("exec"));
    line.addAll(List.of(words));
    return does(line.toArray(String[]::new));
  }

  /** Begins a command on the host and leaves it to itself. */
  Process begins(String... words) throws IOException {
    List<String> line = line("exec");
    line.addAll(List.of(words));
    return new ProcessBuilder(line)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  void media(Path medium) throws IOException, InterruptedException {
    does("media", medium.toString()).ended(0);
  }

  void eject() throws IOException, InterruptedException {
    does("eject").ended(0);
  }

  /** As README.txt on the medium says, but for what is proven before. */
  Command install(Path medium) throws IOException, InterruptedException {
    return types(
        "sh",
        "/media/usb/setup.sh",
        "/media/usb",
        "--trusted-root",
        Vendor.trustedRoot(medium),
        "--token-file",
        TOKEN);
  }

  /** Another program of ours in the host's network, that of this test's class path. */
  Process beginsInItsNetwork(Class<?> program, Path output, String... arguments)
      throws IOException, InterruptedException {
    List<String> line =
        line(
            "net",
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            program.getName());
    line.addAll(List.of(arguments));
    return new ProcessBuilder(line)
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }

  /** Typed in what the service of that unit sees of the disk, as its user. */
  Command asTheService(String unit, String... words) throws IOException, InterruptedException {
    String main = types("systemctl", "show", "--value", "-p", "MainPID", unit).output();
    String user = types("id", "-u", "cloister").ended(0).output().strip();
    List<String> line =
        new ArrayList<>(List.of("nsenter", "-t", main.strip(), "-m", "-S", user, "-G", user, "--"));
    line.addAll(List.of(words));
    return types(line.toArray(String[]::new));
  }

  /** The status with which the service answers who asks for its name. */
  String answer(String token) throws IOException, InterruptedException {
    return answer(token, "8443/v2");
  }

  /**
   * Likewise.
   *
   * @param where a port, and a path
   */
  String answer(String token, String where) throws IOException, InterruptedException {
    return does(
            "net",
            "curl",
            "-ks",
            "-o",
            "/dev/null",
            "-w",
            "%{http_code}",
            "-H",
            "Authorization: Bearer " + token,
            "https://127.0.0.1:" + where)
        .output();
  }

  String token() throws IOException, InterruptedException {
    return types("cat", TOKEN).ended(0).output().strip();
  }

  /** Waits until the service answers that it is ready. */
  void awaitReady() throws IOException, InterruptedException {
    for (int i = 0; i < 300; i++) {
      Command asked = does("net", "curl", "-ks", "-o", "/dev/null", "-w", "%{http_code}", READY);
      if (asked.output().equals("200")) {
        return;
      }
      Thread.sleep(100);
    }
    types("cloister", "status").ended(0);
    throw new AssertionError("the service is not ready");
  }

  private static final String READY = "https://127.0.0.1:8443/v2/health/ready";

  /**
   * Every path on its disk, but for what a running Debian changes by itself. The host's own key is
   * systemd's, made when the first credential was.
   */
  List<String> files() throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of("find", "/", "-xdev", "("));
    for (String path : NOT_LOOKED_AT) {
      line.addAll(List.of("-path", path, "-o"));
    }
    line.addAll(List.of("-false", ")", "-prune", "-o", "-print"));
    return types(line.toArray(String[]::new)).ended(0).output().lines().sorted().toList();
  }

  private static final List<String> NOT_LOOKED_AT =
      List.of(
          "/var/log/journal",
          "/tmp",
          "/var/tmp",
          "/proc",
          "/sys",
          "/run",
          "/dev",
          TOKEN,
          "/var/lib/systemd/credential.secret");

  @Override
  public void close() throws IOException {
    try {
      does("down").ended(0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
