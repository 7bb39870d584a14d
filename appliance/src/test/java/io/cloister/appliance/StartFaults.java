package io.cloister.appliance;

import io.cloister.appliance.StartFault.AddressUnfit;
import io.cloister.appliance.StartFault.BadSettings;
import io.cloister.appliance.StartFault.CertificateUnusable;
import io.cloister.appliance.StartFault.DatabaseUnusable;
import io.cloister.appliance.StartFault.DeploymentUnusable;
import io.cloister.appliance.StartFault.FolderUnusable;
import io.cloister.appliance.StartFault.NotSetUp;
import io.cloister.appliance.StartFault.OtherSocket;
import io.cloister.appliance.StartFault.PortInUse;
import io.cloister.appliance.StartFault.Running;
import io.cloister.appliance.config.Settings.Listener;
import io.cloister.appliance.config.SettingsRefused.Fault;
import java.nio.file.Path;
import java.util.List;

/** One example of every fault. */
final class StartFaults {
  private static final Path OWN = Path.of("/srv/trial/var/lib/cloister/appliance");

  private StartFaults() {}

  static List<StartFault> all() {
    return List.of(
        new BadSettings(
            Path.of("/srv/trial/etc/cloister/cloister.yaml"),
            List.of(
                new Fault("limits.request_seconds", "is not a whole number from 1 to 86400: 0"),
                new Fault("listeners.consol", "is not a known key"))),
        new PortInUse("inference", new Listener("0.0.0.0", 8443), "Address already in use"),
        new AddressUnfit(
            "console", new Listener("192.0.2.7", 9443), "Cannot assign requested address"),
        new OtherSocket("inference", new Listener("0.0.0.0", 8443), "0.0.0.0:443"),
        new NotSetUp(OWN.resolve("tls")),
        new Running(Path.of("/srv/trial/run/cloister/0.1.0.sock")),
        new DatabaseUnusable(OWN.resolve("db/0.1.0"), "Database may be already in use"),
        new CertificateUnusable(OWN.resolve("tls"), "key.pem is not a PEM private key"),
        new DeploymentUnusable(
            Path.of("/srv/trial/var/lib/cloister/store/deployments/0.1.0.json"),
            "generation: is missing"),
        new FolderUnusable(OWN, "java.nio.file.AccessDeniedException: " + OWN));
  }
}
