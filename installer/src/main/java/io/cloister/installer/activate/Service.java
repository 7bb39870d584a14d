package io.cloister.installer.activate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.installer.InstallRefusal.ApplianceRefused;
import io.cloister.installer.InstallRefusal.Down;
import io.cloister.installer.InstallRefusal.NotReady;
import io.cloister.installer.InstallRefusal.NotTuned;
import io.cloister.installer.InstallRefusal.NotTuned.Why;
import io.cloister.installer.InstallRefusal.TokenRefused;
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
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** The running releases of the appliance, as far as activation needs them. */
public final class Service {
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final int LOG_LINES = 8;

  private final HostPaths paths;
  private final Supervisor supervisor;
  private final ServiceLog log;
  private final Patience patience;

  public Service(HostPaths paths, Patience patience) {
    this.paths = paths;
    this.supervisor = Supervisor.of(paths);
    this.log = new ServiceLog(paths.log());
    this.patience = patience;
  }

  /** Whether any release runs. */
  public boolean running() throws IOException {
    return !findRunning().isEmpty();
  }

  List<String> findRunning() throws IOException {
    return supervisor.findRunning();
  }

  /** Whether that one can be asked: one that ends at each start runs, but nobody is there. */
  public boolean running(Deployment deployment) throws IOException {
    return supervisor.hasProcess(deployment.release().version());
  }

  /** Ends whatever runs. */
  public Stopped stop() throws IOException, InterruptedException {
    return supervisor.stopAll(patience.drain());
  }

  void stop(String release) throws IOException, InterruptedException {
    supervisor.stop(release, patience.drain());
  }

  /** Starts a release and waits until it serves the deployment. */
  public void start(Deployment deployment)
      throws IOException, InterruptedException, InstallRefusedException {
    long logged = log.length();
    supervisor.start(deployment.release().version());
    awaitReady(deployment, logged);
  }

  /** What is done to a service while it is stopped. */
  @FunctionalInterface
  public interface Mending {
    void mend() throws IOException, InterruptedException, InstallRefusedException;
  }

  /** Has something done while nothing runs; what ran before runs again, whatever came of it. */
  public void stopFor(Mending mending, Deployment serving)
      throws IOException, InterruptedException, InstallRefusedException {
    boolean ran = running();
    stop();
    try {
      mending.mend();
    } catch (IOException | InstallRefusedException e) {
      startBeside(e, serving, ran);
      throw e;
    }
    if (ran) {
      start(serving);
    }
  }

  private void startBeside(Exception fault, Deployment serving, boolean ran)
      throws InterruptedException {
    try {
      if (ran) {
        start(serving);
      }
    } catch (IOException | InstallRefusedException e) {
      fault.addSuppressed(e);
    }
  }

  /** Has the running service take the deployment over, and waits until it serves it. */
  public void apply(Deployment deployment)
      throws IOException, InterruptedException, InstallRefusedException {
    long logged = log.length();
    JsonNode answer = socket(deployment).ask("apply", patience.ready());
    if (!answer.path("applied").asBoolean()) {
      JsonNode error = answer.path("error");
      String what = (error.path("model").asText() + " " + error.path("version").asText()).strip();
      throw new InstallRefusedException(
          new ApplianceRefused(
              what.isEmpty() ? "the deployment" : what, error.path("reason").asText("no reason")));
    }
    awaitReady(deployment, logged);
  }

  /** Has the running service load a model anew, whose files were put right. */
  public void reload(Deployment deployment, String model)
      throws IOException, InstallRefusedException {
    ObjectNode fields = JsonNodeFactory.instance.objectNode().put("model", model);
    JsonNode answer = socket(deployment).ask("reload", fields, patience.ready());
    if (!answer.path("applied").asBoolean()) {
      throw new InstallRefusedException(
          new ApplianceRefused(model, answer.path("error").path("reason").asText("no reason")));
    }
  }

  /**
   * Has the running service tune a model to this machine, or take that back: {@code tune}, {@code
   * untune}.
   *
   * @param fields {@code model}, and for a trial {@code seconds} and {@code keep}
   * @param progress told of each step
   * @return what was measured and is in effect now: docs/reference/api.md
   */
  public JsonNode tune(
      Deployment deployment, String request, ObjectNode fields, Consumer<String> progress)
      throws InstallRefusedException {
    String model = fields.path("model").asText();
    // What was begun in time ends later, and the model that serves is loaded once more.
    Duration limit =
        Duration.ofSeconds(fields.path("seconds").asLong()).multipliedBy(2).plus(patience.ready());
    try {
      JsonNode answer = socket(deployment).ask(request, fields, limit, progress);
      if (answer.has("refused") || answer.has("error")) {
        String reason = answer.path("reason").asText(answer.path("error").asText());
        throw new InstallRefusedException(
            new NotTuned(known(Why.values(), answer, Why.ENDED), model, reason));
      }
      return answer;
    } catch (IOException e) {
      throw new InstallRefusedException(
          findStatus(deployment).isEmpty()
              ? new Down(deployment.release().version())
              : new NotTuned(Why.ENDED, model, String.valueOf(e.getMessage())));
    }
  }

  /**
   * Has the running service make, list or revoke tokens: {@code token_create} and its like.
   *
   * @param fields {@code name} and {@code role}, as far as the request has them
   * @return docs/reference/api.md
   */
  public JsonNode token(Deployment deployment, String request, ObjectNode fields)
      throws InstallRefusedException {
    String name = fields.path("name").asText();
    try {
      JsonNode answer = socket(deployment).ask(request, fields, patience.setup());
      if (answer.has("refused") || answer.has("error")) {
        String reason = answer.path("reason").asText(answer.path("error").asText());
        TokenRefused.Against against =
            known(TokenRefused.Against.values(), answer, TokenRefused.Against.UNANSWERED);
        throw new InstallRefusedException(new TokenRefused(against, name, reason));
      }
      return answer;
    } catch (IOException e) {
      throw new InstallRefusedException(
          findStatus(deployment).isEmpty()
              ? new Down(deployment.release().version())
              : new TokenRefused(
                  TokenRefused.Against.UNANSWERED, name, String.valueOf(e.getMessage())));
    }
  }

  /** What {@code refused} of an answer says. */
  private static <E extends Enum<E>> E known(E[] all, JsonNode answer, E other) {
    String said = answer.path("refused").asText().toUpperCase(Locale.ROOT);
    return Arrays.stream(all).filter(each -> each.name().equals(said)).findFirst().orElse(other);
  }

  /** Has the running service hash its files again, so that it tells what is right now. */
  public void scrub(Deployment deployment) {
    try {
      var _ = socket(deployment).ask("scrub", ANSWER);
    } catch (IOException e) {
      // It looks by itself, only later.
      return;
    }
  }

  /** Gives the data of a release to another; from then on it takes no changes. */
  void handOver(Deployment from, String successor)
      throws IOException, InterruptedException, InstallRefusedException {
    if (running(from)) {
      tell(from, "hand_over", JsonNodeFactory.instance.objectNode().put("to", successor));
    } else {
      new ReleaseSetup(paths, patience).handOver(from.release().version(), successor);
    }
  }

  /** Its successor did not hold: it takes changes again. */
  void resume(Deployment deployment) throws IOException, InstallRefusedException {
    tell(deployment, "resume", JsonNodeFactory.instance.objectNode());
  }

  /** A candidate that is ready listens from now on, beside the release that served before. */
  void takeOver(Deployment deployment) throws IOException, InstallRefusedException {
    tell(deployment, "take_over", JsonNodeFactory.instance.objectNode());
  }

  private void tell(Deployment deployment, String request, ObjectNode fields)
      throws IOException, InstallRefusedException {
    JsonNode answer = socket(deployment).ask(request, fields, patience.setup());
    if (answer.has("error")) {
      throw new InstallRefusedException(
          new ApplianceRefused(request, answer.path("error").asText("no reason")));
    }
  }

  private OperatorSocket socket(Deployment deployment) {
    return new OperatorSocket(paths.socket(deployment.release().version()));
  }

  /** What the release says of itself; empty when nobody answers. */
  public Optional<JsonNode> findStatus(Deployment deployment) {
    try {
      return Optional.of(socket(deployment).ask("status", ANSWER));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private void awaitReady(Deployment deployment, long logged)
      throws IOException, InterruptedException, InstallRefusedException {
    long start = System.nanoTime();
    String seen = "no answer";
    while (true) {
      Optional<JsonNode> status = findStatus(deployment);
      if (status.isPresent()) {
        refuseFailed(status.get(), deployment);
        if (serves(status.get(), deployment)) {
          return;
        }
        seen = status.get().toString();
      }
      Duration waited = Duration.ofNanos(System.nanoTime() - start);
      boolean runs = running(deployment);
      if (!runs || waited.compareTo(patience.ready()) > 0) {
        throw new InstallRefusedException(
            new NotReady(
                waited, runs ? seen : "the process ended", log.lastLines(LOG_LINES, logged)));
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
