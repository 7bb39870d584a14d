package io.cloister.appliance;

import io.helidon.common.mapper.MapperManager;
import io.helidon.service.registry.GlobalServiceRegistry;
import io.helidon.service.registry.ServiceRegistryConfig;
import io.helidon.service.registry.ServiceRegistryManager;

/** Helidon's registry of services, in which the web server looks for what may add to it. */
final class HelidonServices {
  private HelidonServices() {}

  /**
   * Leaves it with what reads a request's length, as nothing is to be added. By itself it looks for
   * lists in all jars, and makes what it finds there ready: a tenth of a start.
   */
  @SuppressWarnings("removal") // Helidon itself asks for that one.
  static void nameNone() {
    GlobalServiceRegistry.registry(
        () ->
            ServiceRegistryManager.create(
                    ServiceRegistryConfig.builder()
                        .discoverServices(false)
                        .discoverServicesFromServiceLoader(false)
                        .putContractInstance(MapperManager.class, MapperManager.create())
                        .buildPrototype())
                .registry());
  }
}
