package io.cloister.installer.activate;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.installer.InstallRefusal.ApplianceRefused;
import io.cloister.installer.InstallRefusal.NotReady;
import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.host.OperatorSocket;
import io.cloister.installer.host.ServiceLog;
import io.cloister.installer.host.Supervisor;
import io.cloister.installer.host.Supervisor.Stopped;
import io.cloister.installer.slot.Deployment;
import io.cloister.installer.slot.InstalledPackage;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** The running appliance, as far as activation needs it. */
public final class Service {
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final int LOG_LINES = 8;

  private final Supervisor supervisor;
  private final ServiceLog log;
  private final OperatorSocket socket;
  private final Patience patience;

  public Service(HostPaths paths, Patience patience) {
    this.supervisor = Supervisor.of(paths);
    this.log = new ServiceLog(paths.log());
    this.socket = new OperatorSocket(paths.socket());
    this.patience = patience;
  }

  public boolean running() throws IOException {
    return supervisor.running();
  }

  public Stopped stop() throws IOException, InterruptedException {
    return supervisor.stop(patience.drain());
  }

  /** Whether callers wait while it is ended and started again, and are not turned away. */
  public boolean listensMeanwhile() {
    return supervisor.listensMeanwhile();
  }

  /** Starts the current release and waits until it serves the deployment. */
  public void start(Deployment deployment)
      throws IOException, InterruptedException, InstallRefusedException {
    long logged = log.length();
    supervisor.start();
    awaitReady(deployment, logged);
  }

  /** Has the running service take the deployment over, and waits until it serves it. */
  public void apply(Deployment deployment)
      throws IOException, InterruptedException, InstallRefusedException {
    long logged = log.length();
    JsonNode answer = socket.ask("apply", patience.ready());
    if (!answer.path("applied").asBoolean()) {
      JsonNode error = answer.path("error");
      String what = (error.path("model").asText() + " " + error.path("version").asText()).strip();
      throw new InstallRefusedException(
          new ApplianceRefused(
              what.isEmpty() ? "the deployment" : what, error.path("reason").asText("no reason")));
    }
    awaitReady(deployment, logged);
  }

  /** What the service says of itself; empty when nobody answers. */
  public Optional<JsonNode> findStatus() {
    try {
      return Optional.of(socket.ask("status", ANSWER));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private void awaitReady(Deployment deployment, long logged)
      throws IOException, InterruptedException, InstallRefusedException {
    long start = System.nanoTime();
    String seen = "no answer";
    while (true) {
      Optional<JsonNode> status = findStatus();
      if (status.isPresent()) {
        refuseFailed(status.get(), deployment);
        if (serves(status.get(), deployment)) {
          return;
        }
        seen = status.get().toString();
      }
      Duration waited = Duration.ofNanos(System.nanoTime() - start);
      if (!running() || waited.compareTo(patience.ready()) > 0) {
        seen = running() ? seen : "the process ended";
        throw new InstallRefusedException(
            new NotReady(waited, seen, log.lastLines(LOG_LINES, logged)));
      }
      Thread.sleep(LOOK);
    }
  }

  private static boolean serves(JsonNode status, Deployment deployment) {
    return status.path("ready").asBoolean()
        && status.path("generation").asLong() == deployment.generation();
  }

  private static void refuseFailed(JsonNode status, Deployment deployment)
      throws InstallRefusedException {
    for (JsonNode model : status.path("models")) {
      Optional<InstalledPackage> wanted = deployment.findModel(model.path("name").asText());
      if (model.path("state").asText().equals("failed")
          && wanted.filter(w -> w.version().equals(model.path("version").asText())).isPresent()) {
        throw new InstallRefusedException(
            new ApplianceRefused(
                wanted.get().name() + " " + wanted.get().version(),
                model.path("reason").asText("no reason")));
      }
    }
  }
}
