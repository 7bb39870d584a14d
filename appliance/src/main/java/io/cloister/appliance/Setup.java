package io.cloister.appliance;

import io.cloister.appliance.StartFault.FolderUnusable;
import io.cloister.appliance.StartFault.Running;
import io.cloister.appliance.access.Account.Role;
import io.cloister.appliance.access.CertificateFiles;
import io.cloister.appliance.access.HostNames;
import io.cloister.appliance.access.ServerCertificate;
import io.cloister.appliance.access.TokenRefused;
import io.cloister.appliance.access.Tokens;
import io.cloister.appliance.admin.OperatorSocket;
import io.cloister.appliance.config.DataKey;
import io.cloister.appliance.database.Database;
import io.cloister.appliance.model.Routing;
import io.cloister.appliance.model.Routing.Routes;
import io.cloister.repo.content.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Makes what an appliance needs before its first start; what is there already stays. */
final class Setup {
  private static final String FIRST_TOKEN = "first";

  /**
   * What setup made.
   *
   * @param token the first API token; empty when there was one already
   */
  record Result(String certificateSha256, Optional<String> token) {}

  private Setup() {}

  static Result run(
      Folders folders, Optional<DataKey> key, HostNames names, Instant now, SecureRandom random)
      throws StartRefused {
    if (OperatorSocket.isAnswered(folders.operatorSocket())) {
      throw new StartRefused(new Running(folders.operatorSocket()));
    }
    ServerCertificate certificate = certificate(folders, key, names, now, random);
    try (Database database = Foundation.database(folders, key)) {
      forgetRoutes(new Routing(database));
      Tokens tokens = Foundation.tokens(folders, key, database, InstantSource.fixed(now), random);
      return new Result(certificate.fingerprint(), firstToken(tokens));
    }
  }

  private static Optional<String> firstToken(Tokens tokens) {
    try {
      return tokens.isEmpty()
          ? Optional.of(tokens.create(FIRST_TOKEN, Role.ADMIN))
          : Optional.empty();
    } catch (TokenRefused e) {
      throw new IllegalStateException("the first of all is not refused", e);
    }
  }

  /** What an earlier install routed is not here any more, and its generations are not ours. */
  private static void forgetRoutes(Routing routing) {
    if (routing.read().generation() > 0) {
      routing.switchTo(new Routes(0, List.of()));
    }
  }

  /** What an uninstall kept of another release: imported when the database is opened. */
  private static void adoptKept(Folders folders) throws IOException {
    Path kept = folders.databases().resolve("kept");
    if (Files.isDirectory(kept) && Files.notExists(folders.database())) {
      DurableFiles.move(kept, folders.database());
    }
  }

  private static ServerCertificate certificate(
      Folders folders, Optional<DataKey> key, HostNames names, Instant now, SecureRandom random)
      throws StartRefused {
    try {
      DurableFiles.createFolders(folders.tls());
      DurableFiles.createFolders(folders.databases());
      // It holds the digests of tokens.
      Files.setPosixFilePermissions(
          folders.databases(), PosixFilePermissions.fromString("rwx------"));
      adoptKept(folders);
      return new CertificateFiles(folders.tls(), key).findOrMake(names, now, random);
    } catch (IOException | GeneralSecurityException e) {
      throw new StartRefused(new FolderUnusable(folders.own(), e.toString()), e);
    }
  }
}
