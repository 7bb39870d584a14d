package io.cloister.appliance;

import io.helidon.service.registry.GlobalServiceRegistry;
import io.helidon.service.registry.ServiceRegistryConfig;
import io.helidon.service.registry.ServiceRegistryManager;

/** Helidon's registry of services, in which the web server looks for what may add to it. */
final class HelidonServices {
  private HelidonServices() {}

  /**
   * Leaves it empty, as nothing is to be added. By itself it looks for lists in all jars, and makes
   * what it finds there ready: a tenth of a start.
   */
  static void nameNone() {
    var none =
        ServiceRegistryConfig.builder()
            .discoverServices(false)
            .discoverServicesFromServiceLoader(false);
    GlobalServiceRegistry.registry(
        () -> ServiceRegistryManager.create(none.buildPrototype()).registry());
  }
}
