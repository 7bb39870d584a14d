package io.cloister.appliance;

import io.cloister.appliance.StartFault.BadSettings;
import io.cloister.appliance.StartFault.CertificateUnusable;
import io.cloister.appliance.StartFault.DatabaseUnusable;
import io.cloister.appliance.StartFault.DeploymentUnusable;
import io.cloister.appliance.StartFault.NotSetUp;
import io.cloister.appliance.StartFault.Running;
import io.cloister.appliance.access.CertificateFiles;
import io.cloister.appliance.access.ServerCertificate;
import io.cloister.appliance.access.TokenNotes;
import io.cloister.appliance.access.Tokens;
import io.cloister.appliance.admin.OperatorSocket;
import io.cloister.appliance.config.DataKey;
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
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;

/**
 * What the appliance stands on: read and checked before anything listens, the database last.
 *
 * @param tokens of that database, and of what is noted beside it
 * @param sockets that listen already
 */
record Foundation(
    Folders folders,
    Settings settings,
    ServerCertificate certificate,
    Database database,
    Tokens tokens,
    PassedSockets sockets) {
  /**
   * Opens everything but the listeners.
   *
   * @param sockets that listen already
   * @param key of the data, where the host has one
   */
  static Foundation open(Folders folders, PassedSockets sockets, Optional<DataKey> key)
      throws StartRefused {
    Settings settings = settings(folders);
    if (OperatorSocket.isAnswered(folders.operatorSocket())) {
      throw new StartRefused(new Running(folders.operatorSocket()));
    }
    ServerCertificate certificate = certificate(folders, key);
    checkDeployment(folders);
    Ports.check(Listeners.INFERENCE, settings.listeners().inference(), sockets);
    Ports.check(Listeners.CONSOLE, settings.listeners().console(), sockets);
    Database database = database(folders, key);
    try {
      Tokens tokens = tokens(folders, key, database, InstantSource.system(), new SecureRandom());
      return new Foundation(folders, settings, certificate, database, tokens, sockets);
    } catch (StartRefused e) {
      database.close();
      throw e;
    }
  }

  static Tokens tokens(
      Folders folders,
      Optional<DataKey> key,
      Database database,
      InstantSource clock,
      SecureRandom random)
      throws StartRefused {
    try {
      return Tokens.open(database, new TokenNotes(folders.own(), key, random), clock, random);
    } catch (IOException e) {
      String reason = String.valueOf(e.getMessage());
      throw new StartRefused(new DatabaseUnusable(folders.own(), reason), e);
    } catch (DatabaseFault e) {
      throw new StartRefused(new DatabaseUnusable(folders.database(), innermost(e)), e);
    }
  }

  private static Settings settings(Folders folders) throws StartRefused {
    try {
      return SettingsFile.read(folders.settings());
    } catch (SettingsRefused e) {
      throw new StartRefused(new BadSettings(folders.settings(), e.faults()), e);
    }
  }

  private static ServerCertificate certificate(Folders folders, Optional<DataKey> key)
      throws StartRefused {
    try {
      return new CertificateFiles(folders.tls(), key)
          .find()
          .orElseThrow(() -> new StartRefused(new NotSetUp(folders.tls())));
    } catch (IOException | GeneralSecurityException e) {
      throw new StartRefused(new CertificateUnusable(folders.tls(), e.toString()), e);
    }
  }

  private static void checkDeployment(Folders folders) throws StartRefused {
    try {
      if (Files.exists(folders.deployment())) {
        String told = DeploymentFile.read(folders.deployment()).release().version();
        if (!told.equals(folders.release())) {
          throw new IOException("it is for release " + told + ", not " + folders.release());
        }
      }
    } catch (IOException e) {
      throw new StartRefused(
          new DeploymentUnusable(folders.deployment(), String.valueOf(e.getMessage())), e);
    }
  }

  static Database database(Folders folders, Optional<DataKey> key) throws StartRefused {
    try {
      return Database.open(folders.database(), key);
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
