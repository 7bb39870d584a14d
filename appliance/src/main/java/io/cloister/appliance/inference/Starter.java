package io.cloister.appliance.inference;

import io.cloister.appliance.config.Settings;
import io.cloister.appliance.inference.View.Failure;
import io.cloister.appliance.model.ModelRefused;
import io.cloister.appliance.model.ModelVersion;
import io.cloister.appliance.model.Tuning;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Has versions accepted, and starts their runners. */
record Starter(ModelLoader loader, Settings.Limits limits) {
  private static final System.Logger LOG = System.getLogger(Starter.class.getName());

  /**
   * A version that runs already goes on: it is immutable.
   *
   * @param runners that get this one, or else the failures do
   */
  void start(
      ModelVersion model, View view, Map<String, ModelRunner> runners, List<Failure> failures)
      throws InterruptedException {
    ModelRunner running = view.runners().get(model.name());
    if (running != null && running.model().manifestSha256().equals(model.manifestSha256())) {
      runners.put(model.name(), running);
      return;
    }
    try {
      runners.put(model.name(), start(model, view));
    } catch (ModelRefused e) {
      LOG.log(Level.ERROR, "{0} is refused: {1}", model.title(), e.reason());
      failures.add(new Failure(model, e.reason()));
    }
  }

  ModelRunner start(ModelVersion model, View view) throws ModelRefused, InterruptedException {
    boolean known = view.routes().versions().contains(model);
    Optional<ModelVersion> incumbent = view.findRouted(model.name());
    ModelRunner runner =
        ModelRunner.start(loader, limits, loader.accept(model, known, () -> open(incumbent)));
    LOG.log(Level.INFO, "{0} is accepted", model.title());
    return runner;
  }

  private Optional<Incumbent> open(Optional<ModelVersion> model)
      throws ModelRefused, InterruptedException {
    return model.isEmpty() ? Optional.empty() : Optional.of(loader.open(model.get()));
  }

  /** A version that serves, with other settings. */
  ModelRunner retune(ModelVersion model, Optional<Tuning> tuning)
      throws ModelRefused, InterruptedException {
    return ModelRunner.start(loader, limits, loader.retune(model, tuning));
  }
}
