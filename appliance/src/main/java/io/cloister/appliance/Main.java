package io.cloister.appliance;

import io.cloister.appliance.access.HostNames;
import io.cloister.appliance.admin.OperatorSocket;
import io.cloister.appliance.admin.Succession;
import io.cloister.appliance.config.DataKey;
import io.cloister.appliance.database.Database;
import io.cloister.appliance.database.DatabaseFault;
import io.cloister.appliance.http.JsonText;
import io.cloister.appliance.inference.Workers;
import io.cloister.appliance.model.DeploymentFile;
import io.cloister.appliance.model.LastSettings;
import io.cloister.appliance.model.ModelVersion;
import io.cloister.appliance.observe.JsonLog;
import io.cloister.appliance.scrub.RepairCall;
import io.cloister.appliance.systemd.Notify;
import io.cloister.appliance.systemd.PassedSockets;
import io.cloister.appliance.worker.ControlGroups;
import io.cloister.appliance.worker.WorkerCommand;
import io.cloister.repo.ExitCode;
import io.cloister.repo.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** The service's command: {@code serve}, {@code setup}, {@code hand-over}, {@code train}. */
public final class Main {
  private static final String USAGE =
      """
      usage: cloister-appliance serve --root DIR --release VERSION
                 run until SIGTERM; JSON log lines on stdout
             cloister-appliance setup --root DIR --release VERSION [--names NAME,ADDRESS,...]
                 make database, certificate (for these names of the host) and first token
             cloister-appliance hand-over --root DIR --release VERSION --to VERSION
                 give the data of a release that does not run to another one
             cloister-appliance train
                 live twice in the current folder, which is empty and to be deleted then
      CLOISTER_TETHERED=1 in the environment of all but serve: killed when standard input ends
      """;

  private Main() {}

  public static void main(String[] args) throws InterruptedException {
    ExitCode exit;
    Optional<Arguments> arguments = Arguments.parse(List.of(args));
    try {
      exit = arguments.isEmpty() ? usage(List.of(args)) : run(arguments.get());
    } catch (StartRefused e) {
      // Only commands with folders refuse.
      var home = Optional.ofNullable(System.getProperty("cloister.home")).map(Path::of);
      Folders folders = arguments.orElseThrow().folders().orElseThrow();
      Problem problem = new StartWords(folders, home).problem(e.fault());
      System.err.print(problem.text());
      exit = problem.exit();
    } catch (DatabaseFault e) {
      System.err.println(e.words());
      exit = ExitCode.DEFECT;
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      e.printStackTrace();
      exit = ExitCode.DEFECT;
    }
    System.exit(exit.number());
  }

  private static ExitCode usage(List<String> args) {
    boolean asked = args.equals(List.of("--help")) || args.equals(List.of("-h"));
    (asked ? System.out : System.err).print(USAGE);
    return asked ? ExitCode.DONE : ExitCode.USAGE;
  }

  private static ExitCode run(Arguments arguments)
      throws IOException, GeneralSecurityException, StartRefused, InterruptedException {
    return switch (arguments) {
      case Arguments.Train _ -> train();
      case Arguments.Serve serve -> serve(serve.own());
      case Arguments.SetUp setUp -> setup(setUp);
      case Arguments.HandOver handOver -> handOver(handOver.own(), handOver.successor());
    };
  }

  /** Nobody is to do anything about a training that did not start: no advice, only its log. */
  private static ExitCode train()
      throws IOException, GeneralSecurityException, InterruptedException {
    JsonLog log = JsonLog.ofThisProcess(System.out);
    try {
      Training.run(Path.of(""), log, InstantSource.system(), new SecureRandom());
      return ExitCode.DONE;
    } catch (StartRefused e) {
      throw new IOException("the training did not start", e);
    }
  }

  /** Ends only by a signal: the hook then stops the parts in order, and the exit status is 143. */
  private static ExitCode serve(Folders folders)
      throws IOException, StartRefused, InterruptedException {
    JsonLog log = JsonLog.ofThisProcess(System.out);
    long pid = ProcessHandle.current().pid();
    Notify notify = Notify.of(System.getenv(), pid);
    notify.prepare();
    Workers workers =
        new Workers(
            folders.store(),
            WorkerCommand.ofThisProcess().within(ControlGroups.take(System.getenv())),
            LastSettings.read(folders.lastSettings()));
    workers.begin(deployed(folders));
    Foundation foundation = Foundation.open(folders, PassedSockets.of(System.getenv(), pid), key());
    Optional<RepairCall> repair = RepairCall.find(System.getenv());
    long heapBytes = Runtime.getRuntime().maxMemory();
    Appliance appliance =
        new Appliance(foundation, workers, log, InstantSource.system(), repair, heapBytes);
    try {
      OperatorSocket socket = appliance.start();
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> stop(appliance, socket, notify), "stop"));
    } catch (StartRefused e) {
      appliance.close();
      throw e;
    }
    notify.send(Notify.READY);
    live(appliance, notify);
    return ExitCode.DONE;
  }

  /** What will be asked for, unless something is wrong; whoever reads it for good says what. */
  private static List<ModelVersion> deployed(Folders folders) {
    try {
      return DeploymentFile.read(folders.deployment()).models();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** Until a signal; without signs of life systemd ends the process and starts another. */
  private static void live(Appliance appliance, Notify notify)
      throws IOException, InterruptedException {
    if (notify.watchdog().isEmpty()) {
      new CountDownLatch(1).await();
    }
    Duration pause = notify.watchdog().orElseThrow().dividedBy(3);
    while (true) {
      if (appliance.alive()) {
        notify.send(Notify.ALIVE);
      }
      Thread.sleep(pause);
    }
  }

  private static void stop(Appliance appliance, OperatorSocket socket, Notify notify) {
    try (appliance) {
      notify.send(Notify.STOPPING);
      socket.close();
    } catch (IOException e) {
      System.err.println("while stopping: " + e.getMessage());
    }
  }

  private static HostNames hostNames(List<String> given) {
    return given.isEmpty() ? HostNames.ofThisHost() : HostNames.of(given);
  }

  private static Optional<DataKey> key() throws IOException {
    return DataKey.find(System.getenv());
  }

  private static ExitCode handOver(Folders folders, String successor)
      throws IOException, StartRefused {
    var _ = JsonLog.ofThisProcess(System.err);
    try (Database database = Foundation.database(folders, key())) {
      new Succession(database, folders.databases(), () -> {}).handOver(successor);
      return ExitCode.DONE;
    }
  }

  private static ExitCode setup(Arguments.SetUp asked) throws IOException, StartRefused {
    var _ = JsonLog.ofThisProcess(System.err);
    Setup.Result result =
        Setup.run(asked.own(), key(), hostNames(asked.names()), Instant.now(), new SecureRandom());
    byte[] line =
        JsonText.object(
            json -> {
              json.writeStringField("certificate_sha256", result.certificateSha256());
              json.writeStringField("token", result.token().orElse(null));
            });
    System.out.println(new String(line, StandardCharsets.UTF_8));
    return ExitCode.DONE;
  }
}
