package io.cloister.installer.host;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The appliance as a process of its own: started so that it outlives the command that started it,
 * stopped so that it may finish what it is answering. A file says which process it is.
 */
public record ApplianceProcess(HostPaths paths) {
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final int OUTPUT_BYTES_MAX = 64 << 10;

  /** How a stop went. */
  public enum Stopped {
    NOT_RUNNING,
    DRAINED,
    KILLED
  }

  /** What a finished command left: its exit status and the start of its output. */
  public record Finished(int status, String output) {}

  /** The running service; empty when none runs. */
  private Optional<ProcessIdentity> find() throws IOException {
    return Files.exists(paths.pidFile())
        ? ProcessIdentity.parse(Files.readString(paths.pidFile())).filter(ProcessIdentity::lives)
        : Optional.empty();
  }

  /** Whether the service runs. */
  public boolean running() throws IOException {
    return find().isPresent();
  }

  /** Starts the service of the current release, in a session of its own. */
  public void start() throws IOException {
    Files.createDirectories(paths.run());
    Files.createDirectories(paths.logs());
    Files.deleteIfExists(paths.socket());
    List<String> line = new ArrayList<>();
    if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
      line.add("/usr/bin/setsid");
    }
    line.add("nohup");
    line.addAll(command(paths.current(), "serve", "--root", paths.root().toString()));
    Process process =
        builder(line)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(paths.log().toFile()))
            .start();
    Optional<ProcessIdentity> started = ProcessIdentity.find(process.pid());
    Files.writeString(paths.pidFile(), started.map(ProcessIdentity::line).orElse(""));
  }

  /**
   * Asks the service to end (SIGTERM), waits while it drains, and kills it when it takes longer.
   */
  public Stopped stop(Duration patience) throws IOException, InterruptedException {
    Optional<ProcessIdentity> service = find();
    Stopped stopped = Stopped.NOT_RUNNING;
    if (service.isPresent()) {
      Optional<ProcessHandle> process = ProcessHandle.of(service.get().pid());
      process.ifPresent(ProcessHandle::destroy);
      stopped = ended(service.get(), patience) ? Stopped.DRAINED : Stopped.KILLED;
      if (stopped == Stopped.KILLED) {
        process.ifPresent(ProcessHandle::destroyForcibly);
        ended(service.get(), patience);
      }
    }
    Files.deleteIfExists(paths.pidFile());
    Files.deleteIfExists(paths.socket());
    return stopped;
  }

  private static boolean ended(ProcessIdentity service, Duration patience)
      throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (service.lives()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      Thread.sleep(LOOK);
    }
    return true;
  }

  /**
   * Runs {@code setup} or {@code train} of a release and waits for its end. It does not outlive
   * this process: its standard input is a pipe that only this one holds, and it ends with that.
   *
   * @param folder its working folder
   * @param errors where its standard error goes
   * @return empty when it took longer than {@code patience} and was killed
   */
  public Optional<Finished> run(
      Path release, Path folder, Path errors, Duration patience, String... arguments)
      throws IOException, InterruptedException {
    Files.createDirectories(paths.run());
    Path output = Files.createTempFile(paths.run(), "output-", "");
    Process process = startTethered(command(release, arguments), folder, output, errors);
    try (OutputStream _ = process.getOutputStream()) {
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
        return Optional.empty();
      }
      try (var in = Files.newInputStream(output)) {
        byte[] start = in.readNBytes(OUTPUT_BYTES_MAX);
        return Optional.of(
            new Finished(process.exitValue(), new String(start, StandardCharsets.UTF_8)));
      }
    } finally {
      Files.deleteIfExists(output);
    }
  }

  private Process startTethered(List<String> line, Path folder, Path output, Path errors)
      throws IOException {
    ProcessBuilder builder =
        builder(line)
            .directory(folder.toFile())
            .redirectInput(ProcessBuilder.Redirect.PIPE)
            .redirectOutput(output.toFile())
            .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()));
    builder.environment().put("CLOISTER_TETHERED", "1");
    return builder.start();
  }

  private static List<String> command(Path release, String... arguments) {
    List<String> line = new ArrayList<>();
    line.add(release.resolve("bin/cloister-appliance").toString());
    line.addAll(List.of(arguments));
    return line;
  }

  /** The service gets none of the operator's environment: it may hold secrets or JVM options. */
  private ProcessBuilder builder(List<String> line) {
    var builder = new ProcessBuilder(line).directory(paths.root().toFile());
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/local/bin:/usr/bin:/bin");
    builder.environment().put("LANG", "C.UTF-8");
    return builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
  }

  /** Bytes in the service's log now; 0 when there is none. */
  public long logLength() {
    return paths.log().toFile().length();
  }

  /**
   * The last lines of the service's log, for the one who asks why it is not there.
   *
   * @param since the log's length before what is asked about
   */
  public List<String> lastLogLines(int count, long since) {
    try (var file = FileChannel.open(paths.log())) {
      long from = Math.max(since, file.size() - OUTPUT_BYTES_MAX);
      var bytes = ByteBuffer.allocate((int) Math.max(0, file.size() - from));
      file.read(bytes, from);
      List<String> lines =
          new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8).lines().toList();
      return lines.subList(Math.max(0, lines.size() - count), lines.size());
    } catch (IOException e) {
      return List.of();
    }
  }
}
