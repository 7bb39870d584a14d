package io.cloister.appliance;

import io.helidon.common.mapper.MapperManager;
import io.helidon.config.Config;
import io.helidon.service.registry.GlobalServiceRegistry;
import io.helidon.service.registry.ServiceRegistryConfig;
import io.helidon.service.registry.ServiceRegistryManager;

/** Helidon's registry of services, in which the web server looks for what may add to it. */
final class HelidonServices {
  private HelidonServices() {}

  /**
   * Puts in all that is ever asked for: what reads the length of a request, and settings, of which
   * there are none. By itself it looks for lists in all jars, makes what it finds there ready, and
   * takes settings from the environment: a tenth of a start.
   */
  @SuppressWarnings("removal") // Helidon itself asks for that one.
  static void register() {
    GlobalServiceRegistry.registry(
        () ->
            ServiceRegistryManager.create(
                    ServiceRegistryConfig.builder()
                        .discoverServices(false)
                        .discoverServicesFromServiceLoader(false)
                        .putContractInstance(MapperManager.class, MapperManager.create())
                        .putContractInstance(io.helidon.common.config.Config.class, Config.empty())
                        .putContractInstance(Config.class, Config.empty())
                        .buildPrototype())
                .registry());
  }
}
