package io.cloister.appliance;

import io.cloister.appliance.StartFault.BadSettings;
import io.cloister.appliance.StartFault.CertificateUnusable;
import io.cloister.appliance.StartFault.DatabaseUnusable;
import io.cloister.appliance.StartFault.DeploymentUnusable;
import io.cloister.appliance.StartFault.NotSetUp;
import io.cloister.appliance.StartFault.Running;
import io.cloister.appliance.access.CertificateFiles;
import io.cloister.appliance.access.ServerCertificate;
import io.cloister.appliance.admin.OperatorSocket;
import io.cloister.appliance.config.Settings;
import io.cloister.appliance.config.SettingsFile;
import io.cloister.appliance.config.SettingsRefused;
import io.cloister.appliance.database.Database;
import io.cloister.appliance.database.DatabaseFault;
import io.cloister.appliance.model.DeploymentFile;
import io.cloister.appliance.systemd.PassedSockets;
import java.io.IOException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;

/**
 * What the appliance stands on: read and checked before anything listens, the database last.
 *
 * @param release version of the deployed release, {@code none} before the first deployment
 */
record Foundation(
    Folders folders,
    Settings settings,
    ServerCertificate certificate,
    String release,
    Database database,
    PassedSockets sockets) {
  private static final String NO_RELEASE = "none";

  /**
   * Opens everything but the listeners.
   *
   * @param sockets that listen already
   */
  static Foundation open(Folders folders, PassedSockets sockets) throws StartRefused {
    Settings settings = settings(folders);
    if (OperatorSocket.isAnswered(folders.operatorSocket())) {
      throw new StartRefused(new Running(folders.operatorSocket()));
    }
    ServerCertificate certificate = certificate(folders);
    String release = release(folders);
    Ports.check(Listeners.INFERENCE, settings.listeners().inference(), sockets);
    Ports.check(Listeners.CONSOLE, settings.listeners().console(), sockets);
    return new Foundation(folders, settings, certificate, release, database(folders), sockets);
  }

  private static Settings settings(Folders folders) throws StartRefused {
    try {
      return SettingsFile.read(folders.settings());
    } catch (SettingsRefused e) {
      throw new StartRefused(new BadSettings(folders.settings(), e.faults()), e);
    }
  }

  private static ServerCertificate certificate(Folders folders) throws StartRefused {
    try {
      return new CertificateFiles(folders.tls())
          .find()
          .orElseThrow(() -> new StartRefused(new NotSetUp(folders.tls())));
    } catch (IOException | GeneralSecurityException e) {
      throw new StartRefused(new CertificateUnusable(folders.tls(), e.toString()), e);
    }
  }

  private static String release(Folders folders) throws StartRefused {
    try {
      return Files.exists(folders.deployment())
          ? DeploymentFile.read(folders.deployment()).release().version()
          : NO_RELEASE;
    } catch (IOException e) {
      throw new StartRefused(
          new DeploymentUnusable(folders.deployment(), String.valueOf(e.getMessage())), e);
    }
  }

  static Database database(Folders folders) throws StartRefused {
    try {
      return Database.open(folders.database());
    } catch (DatabaseFault e) {
      throw new StartRefused(new DatabaseUnusable(folders.database(), innermost(e)), e);
    }
  }

  private static String innermost(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse("no reason given");
  }
}
