package io.cloister.appliance.inference;

import io.cloister.appliance.inference.InferenceRefusal.NotReady;
import io.cloister.appliance.inference.InferenceRefusal.UnknownModel;
import io.cloister.appliance.model.ModelVersion;
import io.cloister.appliance.model.Routing.Routes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is known at one moment; replaced as a whole, so that readers need no lock.
 *
 * @param runners by model name
 * @param failures of the last change
 */
record View(Routes routes, Map<String, ModelRunner> runners, List<Failure> failures) {
  /** A version that does not serve, {@link ModelState#FAILED} or unloaded. */
  record Failure(ModelVersion model, ModelState state, String reason) {
    Failure(ModelVersion model, String reason) {
      this(model, ModelState.FAILED, reason);
    }
  }

  View {
    runners = Map.copyOf(runners);
    failures = List.copyOf(failures);
  }

  /** Of a version that failed twice, the first one. */
  View withFailures(List<Failure> others) {
    Map<ModelVersion, Failure> first = new LinkedHashMap<>();
    others.forEach(failure -> first.putIfAbsent(failure.model(), failure));
    return new View(routes, runners, List.copyOf(first.values()));
  }

  /** Another runner of a model, in the place of the one it had. */
  View with(ModelRunner runner) {
    Map<String, ModelRunner> all = new HashMap<>(runners);
    all.put(runner.model().name(), runner);
    List<Failure> others =
        failures.stream().filter(failure -> !failure.model().equals(runner.model())).toList();
    return new View(routes, all, others);
  }

  /** Without a version, which was asked to serve no more. */
  View without(ModelVersion model) {
    Map<String, ModelRunner> others = new HashMap<>(runners);
    others.remove(model.name());
    List<Failure> all = new ArrayList<>(failures);
    all.removeIf(failure -> failure.model().equals(model));
    all.add(
        new Failure(model, ModelState.UNLOADED, "it was unloaded, and waits to be loaded again"));
    return new View(routes, others, all);
  }

  Optional<ModelVersion> findRouted(String name) {
    return routes.versions().stream().filter(routed -> routed.name().equals(name)).findFirst();
  }

  /** Routed versions that nobody serves, but for those that were unloaded. */
  List<ModelVersion> unserved() {
    return routes.versions().stream()
        .filter(model -> !runners.containsKey(model.name()) && !unloaded(model))
        .toList();
  }

  /** What became of a version that served a while ago. */
  String whyNot(ModelVersion model) {
    ModelRunner runner = runners.get(model.name());
    if (runner != null) {
      return runner.model().title() + " serves by now";
    }
    return findFailure(model).map(Failure::reason).orElse("it does not run any more");
  }

  /** Every routed version and those that failed. */
  List<ModelStatus> models() {
    List<ModelStatus> models = new ArrayList<>();
    for (ModelVersion model : routes.versions()) {
      ModelRunner runner = runners.get(model.name());
      if (runner != null) {
        models.add(runner.status());
      } else if (findFailure(model).isEmpty()) {
        models.add(status(model, ModelState.LOADING, Optional.empty(), true));
      }
    }
    for (Failure failure : failures) {
      boolean routed = routes.versions().contains(failure.model());
      models.add(status(failure.model(), failure.state(), Optional.of(failure.reason()), routed));
    }
    return models;
  }

  private static ModelStatus status(
      ModelVersion model, ModelState state, Optional<String> reason, boolean active) {
    return new ModelStatus(
        model, state, reason, active, OptionalLong.empty(), 0, Optional.empty(), Optional.empty());
  }

  private Optional<Failure> findFailure(ModelVersion model) {
    return failures.stream().filter(failure -> failure.model().equals(model)).findFirst();
  }

  List<ModelStats> stats() {
    return routes.versions().stream()
        .map(model -> Optional.ofNullable(runners.get(model.name())))
        .flatMap(Optional::stream)
        .map(ModelRunner::stats)
        .toList();
  }

  /** Whether every routed version is ready, but for those that were unloaded. */
  boolean ready() {
    return routes.generation() > 0 && routes.versions().stream().allMatch(this::ready);
  }

  private boolean ready(ModelVersion model) {
    ModelRunner runner = runners.get(model.name());
    return runner != null ? runner.ready() : unloaded(model);
  }

  private boolean unloaded(ModelVersion model) {
    return findFailure(model).filter(f -> f.state() == ModelState.UNLOADED).isPresent();
  }

  /**
   * Who answers for a model.
   *
   * @param version the routed one when empty
   * @param closed whether nobody does any more
   */
  ModelRunner route(String name, Optional<String> version, boolean closed)
      throws InferenceException {
    ModelVersion model =
        findRouted(name)
            .filter(routed -> version.map(routed.version()::equals).orElse(true))
            .orElseThrow(() -> new InferenceException(new UnknownModel(name, version)));
    ModelRunner runner = runners.get(model.name());
    if (closed) {
      throw new InferenceException(new NotReady(model, "the appliance is stopping"));
    }
    if (runner == null) {
      String reason = findFailure(model).map(Failure::reason).orElse("it is loading");
      throw new InferenceException(new NotReady(model, reason));
    }
    return runner;
  }
}
