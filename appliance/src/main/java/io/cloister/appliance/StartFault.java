package io.cloister.appliance;

import io.cloister.appliance.config.Settings.Listener;
import io.cloister.appliance.config.SettingsRefused.Fault;
import java.nio.file.Path;
import java.util.List;

/** Why the appliance does not start: pure evidence, worded by {@link StartWords}. */
sealed interface StartFault {

  record BadSettings(Path file, List<Fault> faults) implements StartFault {
    public BadSettings {
      faults = List.copyOf(faults);
    }
  }

  record PortInUse(String listener, Listener address, String reason) implements StartFault {}

  record AddressUnfit(String listener, Listener address, String reason) implements StartFault {}

  /** Passed by systemd, and not where the settings say; {@code passed} is empty for none. */
  record OtherSocket(String listener, Listener address, String passed) implements StartFault {}

  record NotSetUp(Path missing) implements StartFault {}

  record Running(Path socket) implements StartFault {}

  record DatabaseUnusable(Path folder, String reason) implements StartFault {}

  record CertificateUnusable(Path folder, String reason) implements StartFault {}

  record DeploymentUnusable(Path file, String reason) implements StartFault {}

  record FolderUnusable(Path folder, String reason) implements StartFault {}
}
