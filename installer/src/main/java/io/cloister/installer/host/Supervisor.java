package io.cloister.installer.host;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who starts and ends the service. */
public sealed interface Supervisor permits ApplianceProcess, SystemdService {

  /** systemd on a host of its own; below {@code --root DIR} this command itself. */
  static Supervisor of(HostPaths paths) {
    return paths.isHost() ? new SystemdService(paths) : new ApplianceProcess(paths);
  }

  /** How a stop went. */
  enum Stopped {
    NOT_RUNNING,
    DRAINED,
    KILLED
  }

  /** What a finished command left: its exit status and the start of its output. */
  record Finished(int status, String output) {}

  /**
   * Makes ready what starts the service.
   *
   * @param listeners by name
   */
  void prepare(Map<String, Listener> listeners) throws IOException, InterruptedException;

  /** Files of {@link #prepare} that somebody changed since. */
  List<Path> findChanged(Map<String, Listener> listeners) throws IOException;

  /**
   * Takes away what {@link #prepare} made, of a service that was stopped.
   *
   * @param dataStays whether the service's own data is still there
   */
  void forget(boolean dataStays) throws IOException, InterruptedException;

  /** Whether the service runs. */
  boolean running() throws IOException;

  /** Starts the service of the current release; one that runs is ended first. */
  void start() throws IOException, InterruptedException;

  /**
   * Asks the service to end, waits while it drains, and kills it when it takes longer. Nobody
   * listens then.
   */
  Stopped stop(Duration patience) throws IOException, InterruptedException;

  /** Whether somebody listens while the service is ended and started again. */
  boolean listensMeanwhile();

  /**
   * Runs {@code setup} of a release as the service's user, and waits for its end. It does not
   * outlive this process.
   *
   * @param errors where its standard error goes
   * @return empty when it took longer than {@code patience} and was killed
   */
  Optional<Finished> setup(Path release, Path errors, Duration patience)
      throws IOException, InterruptedException;
}
