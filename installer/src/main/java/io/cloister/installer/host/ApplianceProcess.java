package io.cloister.installer.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The appliance as a process of its own: started so that it outlives the command that started it,
 * stopped so that it may finish what it is answering. A file says which process it is.
 */
public record ApplianceProcess(HostPaths paths) implements Supervisor {
  private static final Duration LOOK = Duration.ofMillis(50);

  /** The running service; empty when none runs. */
  private Optional<ProcessIdentity> find() throws IOException {
    return Files.exists(paths.pidFile())
        ? ProcessIdentity.parse(Files.readString(paths.pidFile())).filter(ProcessIdentity::lives)
        : Optional.empty();
  }

  @Override
  public boolean running() throws IOException {
    return find().isPresent();
  }

  /** In a session of its own. */
  @Override
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
        Command.clean(new ProcessBuilder(line).directory(paths.root().toFile()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(paths.log().toFile()))
            .start();
    Optional<ProcessIdentity> started = ProcessIdentity.find(process.pid());
    Files.writeString(paths.pidFile(), started.map(ProcessIdentity::line).orElse(""));
  }

  @Override
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

  /** This command starts it; nothing else needs to know. */
  @Override
  public void prepare(Map<String, Listener> listeners) {}

  @Override
  public List<Path> findChanged(Map<String, Listener> listeners) {
    return List.of();
  }

  @Override
  public void forget(boolean dataStays) {}

  @Override
  public boolean listensMeanwhile() {
    return false;
  }

  @Override
  public Optional<Finished> setup(Path release, Path errors, Duration patience)
      throws IOException, InterruptedException {
    return run(release, paths.root(), errors, patience, "setup", "--root", paths.root().toString());
  }

  /**
   * Runs a command of a release and waits for its end. It does not outlive this process: its
   * standard input is a pipe that only this one holds, and it ends with that.
   *
   * @param folder its working folder
   * @param errors where its standard error goes
   * @return empty when it took longer than {@code patience} and was killed
   */
  public Optional<Finished> run(
      Path release, Path folder, Path errors, Duration patience, String... arguments)
      throws IOException, InterruptedException {
    return new Command(command(release, arguments), folder)
        .with("CLOISTER_TETHERED", "1")
        .errorsTo(errors)
        .run(paths.run(), patience);
  }

  static List<String> command(Path release, String... arguments) {
    List<String> line = new ArrayList<>();
    line.add(release.resolve("bin/cloister-appliance").toString());
    line.addAll(List.of(arguments));
    return line;
  }
}
