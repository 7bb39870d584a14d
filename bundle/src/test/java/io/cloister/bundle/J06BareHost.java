package io.cloister.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A host with glibc, a shell and a few small tools, and nothing else: no C++ library, no zlib, no
 * Java, no network. An install there ends only when a worker has loaded the engine and the model's
 * golden vectors have passed.
 */
class J06BareHost {
  private static final List<String> TOOLS =
      List.of("sh", "readlink", "nohup", "mkdir", "mv", "rm", "sync");

  private static final List<String> GLIBC =
      List.of("libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1");

  private static final Pattern LDD_PATH = Pattern.compile("(/\\S+) \\(0x");

  /** Enters the folder as the whole file system; everything started there ends with it. */
  private static final String ENTER =
      """
      mount -t proc proc "$1/proc" || exit 90
      for device in null zero random urandom; do
        : > "$1/dev/$device" && mount --bind "/dev/$device" "$1/dev/$device" || exit 90
      done
      exec chroot "$1" /bin/sh -c "$2"
      """;

  @TempDir Path folder;

  @Test
  void aHostWithNothingButGlibcServesAModel() throws IOException, InterruptedException {
    Path host = bareHost();
    assumeThat(enter(host, "exit 0").status())
        .as("this machine lets the user make namespaces (unshare)")
        .isZero();
    Path medium =
        Vendor.open(folder.resolve("vendor")).addRuntime().addModel("1.0.0").publish("medium");
    copyTree(medium, host.resolve("medium"));
    Path archive = medium.resolve("bootstrap-linux-x64.tar.gz");
    Command.run(List.of("tar", "-xzf", archive.toString(), "-C", host.toString())).ended(0);

    String install =
        "/cloister/bin/cloister install /medium --root /trial --token-file /token --trusted-root "
            + Vendor.trustedRoot(medium);
    Command done = enter(host, install + " && /cloister/bin/cloister status --root /trial");

    assertThat(done.status()).as(done.output()).isZero();
    assertThat(done.output()).contains(Vendor.MODEL);
  }

  private static Command enter(Path host, String command) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of("unshare", "-mnpf", "--kill-child"));
    if (!System.getProperty("user.name", "").equals("root")) {
      line.add("-r");
    }
    line.addAll(List.of("sh", "-c", ENTER, "sh", host.toString(), command));
    return Command.run(line);
  }

  private Path bareHost() throws IOException, InterruptedException {
    Path host = folder.resolve("host");
    for (String name : List.of("bin", "dev", "etc", "proc", "tmp")) {
      Files.createDirectories(host.resolve(name));
    }
    Files.writeString(host.resolve("etc/hosts"), "127.0.0.1 localhost\n");
    Files.writeString(host.resolve("etc/passwd"), "root:x:0:0:root:/:/bin/sh\n");
    for (String tool : TOOLS) {
      Path file = Path.of("/bin", tool);
      copy(file, host.resolve("bin").resolve(tool));
      for (Path library : libraries(file)) {
        copy(library, host.resolve(library.toString().substring(1)));
        for (String name : GLIBC) {
          Path part = library.resolveSibling(name);
          if (library.endsWith("libc.so.6") && Files.exists(part)) {
            copy(part, host.resolve(part.toString().substring(1)));
          }
        }
      }
    }
    try (Stream<Path> paths = Files.walk(host)) {
      assertThat(paths.map(path -> path.getFileName().toString()))
          .noneMatch(name -> name.matches("lib(stdc\\+\\+|gcc_s|z)\\.so.*"));
    }
    return host;
  }

  private static List<Path> libraries(Path program) throws IOException, InterruptedException {
    Command ldd = Command.run(List.of("ldd", program.toString())).ended(0);
    return LDD_PATH.matcher(ldd.output()).results().map(match -> Path.of(match.group(1))).toList();
  }

  private static void copy(Path from, Path to) throws IOException {
    Path parent = to.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Files.copy(path, to.resolve(from.relativize(path)));
      }
    }
  }
}
