package io.cloister.appliance.admin;

import io.cloister.appliance.inference.ApplyOutcome;
import io.cloister.appliance.inference.ApplyOutcome.Refused;
import io.cloister.appliance.inference.ModelServer;
import io.cloister.appliance.model.Deployment;
import io.cloister.appliance.model.DeploymentFile;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Makes the installer's deployment file so, one attempt at a time, and remembers what came of it.
 */
public final class Operations {
  private static final System.Logger LOG = System.getLogger(Operations.class.getName());

  private final ModelServer models;
  private final Path deploymentFile;
  private final ReentrantLock applying = new ReentrantLock();
  private volatile State state = new State(Optional.empty(), Optional.empty());

  /**
   * What was asked for last, and what came of it.
   *
   * @param deployment as the file said when it was read last; empty when nothing was ever deployed
   * @param outcome of the newest attempt; empty while the first one runs
   */
  public record State(Optional<Deployment> deployment, Optional<ApplyOutcome> outcome) {
    /** Why the newest attempt switched nothing. */
    public Optional<Refused> refused() {
      return outcome.filter(Refused.class::isInstance).map(Refused.class::cast);
    }
  }

  public Operations(ModelServer models, Path deploymentFile) {
    this.models = models;
    this.deploymentFile = deploymentFile;
  }

  /** What the deployment file asks for; empty when the installer has not written one yet. */
  public Optional<Deployment> readDeployment() throws IOException {
    return Files.exists(deploymentFile)
        ? Optional.of(DeploymentFile.read(deploymentFile))
        : Optional.empty();
  }

  /** Reads the deployment file and applies it; blocks until that is done or refused. */
  public ApplyOutcome apply() {
    applying.lock();
    try {
      Optional<Deployment> wanted = readDeployment();
      state = new State(wanted, state.outcome());
      ApplyOutcome outcome =
          wanted.map(models::apply).orElseGet(() -> refused("nothing is deployed yet"));
      state = new State(wanted, Optional.of(outcome));
      return outcome;
    } catch (IOException e) {
      Refused refused = refused("the deployment file cannot be used: " + e.getMessage());
      state = new State(state.deployment(), Optional.of(refused));
      return refused;
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a deployment ended in a defect", e);
      Refused refused = refused("a defect of the appliance, which the log has: " + e);
      state = new State(state.deployment(), Optional.of(refused));
      return refused;
    } finally {
      applying.unlock();
    }
  }

  /** Whether another release still serves, and this one is to listen only when told. */
  public boolean isCandidate() {
    try {
      return readDeployment().map(Deployment::candidate).orElse(false);
    } catch (IOException e) {
      return false;
    }
  }

  /** Loads a routed model anew; blocks until that is done or refused. */
  public ApplyOutcome reload(String model) {
    return models.reload(model);
  }

  private Refused refused(String reason) {
    return new Refused(models.generation(), Optional.empty(), reason);
  }

  public State state() {
    return state;
  }

  /** Whether a deployment was applied, now or before a restart, and all its models serve. */
  public boolean ready() {
    return state.outcome().isPresent() && models.generation() > 0 && models.ready();
  }
}
