package io.cloister.installer.host;

import io.cloister.repo.content.DurableFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
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

  /** Waits for a line, and is the program then. */
  private static final String ON_COMMAND = "read -r _ && exec \"$@\" </dev/null";

  /** The running process of a release; empty when none runs. */
  private Optional<ProcessIdentity> find(String release) throws IOException {
    Path file = paths.pidFile(release);
    return Files.exists(file)
        ? ProcessIdentity.parse(Files.readString(file)).filter(ProcessIdentity::lives)
        : Optional.empty();
  }

  @Override
  public List<String> findRunning() throws IOException {
    List<String> running = new ArrayList<>();
    for (Path file : Folders.list(paths.run())) {
      String name = file.getFileName().toString();
      String release = name.substring(0, Math.max(0, name.lastIndexOf('.')));
      if (file.equals(paths.pidFile(release)) && find(release).isPresent()) {
        running.add(release);
      }
    }
    return running;
  }

  @Override
  public boolean hasProcess(String release) throws IOException {
    return find(release).isPresent();
  }

  /**
   * In a session of its own. It becomes the release when its file says which process it is, and
   * ends when this one is killed before: nothing ever runs that nobody could find.
   */
  @Override
  public void start(String release) throws IOException {
    Files.createDirectories(paths.run());
    Files.createDirectories(paths.logs());
    Files.deleteIfExists(paths.socket(release));
    List<String> line = new ArrayList<>();
    if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
      line.add("/usr/bin/setsid");
    }
    line.addAll(List.of("nohup", "/bin/sh", "-c", ON_COMMAND, "sh"));
    line.addAll(command(paths, release, "serve"));
    Process process =
        Command.clean(new ProcessBuilder(line).directory(Command.file(paths.root())))
            .redirectInput(ProcessBuilder.Redirect.PIPE)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(Command.file(paths.log())))
            .start();
    try (OutputStream command = process.getOutputStream()) {
      String started = ProcessIdentity.find(process.pid()).map(ProcessIdentity::line).orElse("");
      DurableFiles.write(paths.pidFile(release), started.getBytes(StandardCharsets.US_ASCII));
      command.write('\n');
    } catch (IOException e) {
      process.destroyForcibly().onExit().join();
      throw e;
    }
  }

  @Override
  public Stopped stop(String release, Duration patience) throws IOException, InterruptedException {
    Optional<ProcessIdentity> service = find(release);
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
    Files.deleteIfExists(paths.pidFile(release));
    Files.deleteIfExists(paths.socket(release));
    return stopped;
  }

  @Override
  public Stopped stopAll(Duration patience) throws IOException, InterruptedException {
    Stopped stopped = Stopped.NOT_RUNNING;
    for (String release : findRunning()) {
      stopped = stopped.and(stop(release, patience));
    }
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
  public void prepare(String release, Map<String, Listener> listeners) {}

  @Override
  public void arrange(String release, Map<String, Listener> listeners) {}

  @Override
  public boolean isArrangedFor(String other, String release, Map<String, Listener> listeners) {
    return false;
  }

  @Override
  public void enqueue(String release, boolean onProbation) throws IOException {
    if (find(release).isEmpty()) {
      start(release);
    }
  }

  @Override
  public List<Path> findChanged(String release, Map<String, Listener> listeners) {
    return List.of();
  }

  @Override
  public void forget(boolean dataStays) {}

  /** A release has its own. */
  @Override
  public void closeListeners() {}

  @Override
  public boolean sideBySide() {
    return false;
  }

  @Override
  public void watch(Optional<String> onProbation) {}

  @Override
  public String whyEnded(String release) {
    return "its process ended";
  }

  @Override
  public Optional<Finished> run(String release, Path errors, Duration patience, String... arguments)
      throws IOException, InterruptedException {
    return tethered(command(paths, release, arguments), paths.root(), errors, patience);
  }

  /**
   * Has a release live once, for its start-up archive, which it writes into its own folder.
   *
   * @param folder where it lives, empty
   * @return as {@link #run}
   */
  public Optional<Finished> train(String release, Path folder, Path errors, Duration patience)
      throws IOException, InterruptedException {
    return tethered(List.of(program(paths, release), "train"), folder, errors, patience);
  }

  /** Its standard input is a pipe that only this process holds, and it ends with that. */
  private Optional<Finished> tethered(
      List<String> line, Path folder, Path errors, Duration patience)
      throws IOException, InterruptedException {
    return new Command(line, folder)
        .with("CLOISTER_TETHERED", "1")
        .errorsTo(errors)
        .run(paths.run(), patience);
  }

  static String program(HostPaths paths, String release) {
    return paths.release(release).resolve("bin/cloister-appliance").toString();
  }

  /** A command of a release, for this host. */
  static List<String> command(HostPaths paths, String release, String... arguments) {
    List<String> line = new ArrayList<>();
    line.add(program(paths, release));
    line.addAll(List.of(arguments));
    line.addAll(List.of("--root", paths.root().toString(), "--release", release));
    return line;
  }
}
