package io.cloister.installer.host;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Starts and ends releases of the appliance. */
public sealed interface Supervisor permits ApplianceProcess, SystemdService {

  /** systemd on a host of its own; below {@code --root DIR} this command itself. */
  static Supervisor of(HostPaths paths) {
    return paths.isHost() ? new SystemdService(paths) : new ApplianceProcess(paths);
  }

  /** How a stop went. */
  enum Stopped {
    NOT_RUNNING,
    DRAINED,
    KILLED;

    /** Of both, what the operator should know. */
    public Stopped and(Stopped other) {
      return compareTo(other) > 0 ? this : other;
    }
  }

  /** What a finished command left: its exit status and the start of its output. */
  record Finished(int status, String output) {}

  /**
   * Makes ready what starts the first release: what it runs as, and its rules.
   *
   * @param listeners by name
   */
  void prepare(String release, Map<String, Listener> listeners)
      throws IOException, InterruptedException;

  /** Puts a release's own rules in place, where others were or none. */
  void arrange(String release, Map<String, Listener> listeners)
      throws IOException, InterruptedException;

  /**
   * Whether some rule in place is the other release's, of a change that did not come to its end.
   */
  boolean isArrangedFor(String other, String release, Map<String, Listener> listeners)
      throws IOException;

  /** Files of {@link #prepare} that somebody changed since. */
  List<Path> findChanged(String release, Map<String, Listener> listeners) throws IOException;

  /**
   * Takes away what {@link #prepare} made, of a service that was stopped.
   *
   * @param dataStays whether the service's own data is still there
   */
  void forget(boolean dataStays) throws IOException, InterruptedException;

  /** The releases that run: one, or two while one takes over from the other. */
  List<String> findRunning() throws IOException;

  /** Whether a release has a process; one that waits to be started again runs, but has none. */
  boolean hasProcess(String release) throws IOException;

  /** Starts a release that does not run. */
  void start(String release) throws IOException, InterruptedException;

  /** Has it started soon; does not wait. */
  void enqueue(String release, boolean onProbation) throws IOException, InterruptedException;

  /** Asks a release to end, waits while it drains, and kills it when it takes longer. */
  Stopped stop(String release, Duration patience) throws IOException, InterruptedException;

  /** Ends whatever runs; nobody listens then. */
  Stopped stopAll(Duration patience) throws IOException, InterruptedException;

  /** Nobody listens until a release is started; for listeners that change their place. */
  void closeListeners() throws IOException, InterruptedException;

  /** Whether a release can start while another one serves, and take its listeners over. */
  boolean sideBySide();

  /**
   * Has the release on probation watched, and no other, so that the host goes back by itself when
   * it ends; none where empty. What is so already goes on. Where nobody can watch, nobody does.
   */
  void watch(Optional<String> onProbation) throws IOException, InterruptedException;

  /** Why a release ended, as far as somebody knows; for a person. */
  String whyEnded(String release) throws IOException, InterruptedException;

  /**
   * Runs a command of a release, such as {@code setup}, as the service's user, and waits for its
   * end. It does not outlive this process.
   *
   * @param errors where its standard error goes
   * @param arguments to which the root and the release are added
   * @return empty when it took longer than {@code patience} and was killed
   */
  Optional<Finished> run(String release, Path errors, Duration patience, String... arguments)
      throws IOException, InterruptedException;
}
