package io.cloister.appliance.scrub;

import io.cloister.appliance.config.Settings;
import io.cloister.appliance.model.Deployment;
import io.cloister.appliance.scrub.ScrubReport.Failure;
import io.cloister.appliance.scrub.ScrubReport.Fault;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Finds files that changed silently: hashes the release and every model again, so slowly that
 * serving does not notice. It can put nothing right, since the service may write none of it: {@code
 * cloister repair} does, which is called where systemd can start it.
 */
public final class Scrub implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Scrub.class.getName());

  /** After a start the machine has other things to do. */
  private static final Duration FIRST_PASS = Duration.ofMinutes(15);

  private static final int FAULTS_SHOWN = 20;

  private final Path store;
  private final Optional<Path> release;
  private final Supplier<Optional<Deployment>> deployment;
  private final Settings.Scrub settings;
  private final InstantSource clock;
  private final Optional<RepairCall> call;
  private final Pace pace;
  private final ByteBuffer buffer = SlowFile.buffer();
  private final Semaphore asked = new Semaphore(0);
  private final Thread thread;

  /** By package, what the newest look at each has found. */
  private final Map<String, List<Fault>> faults = new ConcurrentSkipListMap<>();

  private volatile boolean running;
  private final AtomicLong passes = new AtomicLong();
  private volatile Optional<Instant> lastEnd = Optional.empty();
  private volatile Optional<Failure> failure = Optional.empty();

  /**
   * Starts nothing yet.
   *
   * @param store the model store
   * @param release the folder of the release that runs, if it runs from one
   * @param deployment asked at every pass
   * @param call made when something is wrong, where somebody waits for it
   */
  public Scrub(
      Path store,
      Optional<Path> release,
      Supplier<Optional<Deployment>> deployment,
      Settings.Scrub settings,
      InstantSource clock,
      Optional<RepairCall> call) {
    this.store = store.toAbsolutePath().normalize();
    this.release = release;
    this.deployment = deployment;
    this.settings = settings;
    this.clock = clock;
    this.call = call;
    this.pace = new Pace(settings.bytesPerSecond());
    this.thread = Thread.ofPlatform().daemon().name("scrub").unstarted(this::live);
  }

  public void start() {
    thread.start();
  }

  /** Begins a pass now, or another one after the one that is going on. */
  public void ask() {
    asked.release();
  }

  public ScrubReport report() {
    List<Fault> all = faults.values().stream().flatMap(List::stream).toList();
    return new ScrubReport(
        running,
        passes.get(),
        lastEnd,
        failure,
        pace.total(),
        all.size(),
        all.stream().limit(FAULTS_SHOWN).toList());
  }

  /** How often; for reports. */
  public Settings.Scrub settings() {
    return settings;
  }

  private void live() {
    try {
      Duration pause = min(FIRST_PASS, settings.period());
      while (true) {
        if (settings.isOff()) {
          asked.acquire();
        } else {
          var _ = asked.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
        }
        asked.drainPermits();
        long start = System.nanoTime();
        passOrTell();
        pause = settings.period().minusNanos(System.nanoTime() - start);
      }
    } catch (InterruptedException | InterruptedIOException e) {
      // It is being stopped.
      return;
    }
  }

  /** Whatever ends a pass, there is another one: nobody would miss them. */
  private void passOrTell() throws InterruptedException, InterruptedIOException {
    try {
      pass();
      failure = Optional.empty();
    } catch (InterruptedException | InterruptedIOException e) {
      throw e;
    } catch (IOException | RuntimeException | Error e) {
      failure = Optional.of(new Failure(clock.instant(), e.toString()));
      LOG.log(Level.ERROR, "a pass over the installed files did not come to its end", e);
    }
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private void pass() throws InterruptedException, IOException {
    List<Installed> all = Installed.find(store, release, deployment.get());
    faults.keySet().retainAll(all.stream().map(Installed::title).toList());
    running = true;
    try {
      for (Installed installed : suspectsFirst(all)) {
        List<Fault> found = new PackageScrub(pace, buffer, clock).findFaults(installed);
        found.forEach(Scrub::log);
        faults.put(installed.title(), found);
        if (!found.isEmpty()) {
          call.ifPresent(RepairCall::make);
        }
      }
      lastEnd = Optional.of(clock.instant());
      passes.incrementAndGet();
    } finally {
      running = false;
    }
  }

  /** What was wrong may have been put right, and whoever did that waits for it to show. */
  private List<Installed> suspectsFirst(List<Installed> all) {
    return all.stream()
        .sorted(
            Comparator.comparing(each -> faults.getOrDefault(each.title(), List.of()).isEmpty()))
        .toList();
  }

  private static void log(Fault fault) {
    LOG.log(
        Level.ERROR,
        "an installed file was changed: {0}, {1}, from byte {2}: expected {3}, found {4}",
        fault.packageId(),
        fault.file(),
        String.valueOf(fault.offset()),
        fault.expected(),
        fault.found());
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
