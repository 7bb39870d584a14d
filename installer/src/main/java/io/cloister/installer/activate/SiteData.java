package io.cloister.installer.activate;

import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.backup.Backup;
import io.cloister.installer.host.DataKeyFile;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.host.ServiceFolder;
import io.cloister.installer.slot.Deployment;
import io.cloister.repo.RefusedException;
import io.cloister.repo.client.TrustStore;
import io.cloister.repo.content.Version;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What of a host is the site's own. The caller holds the lock, on a host at rest. */
public record SiteData(HostPaths paths, Patience patience) {
  /** Named like a release, to which the one that serves hands its data over. */
  private static final String COPY = "backup";

  private static final String DATABASES = "db";

  /** Whether a backup that was interrupted left its copy of the data. */
  boolean isLeft() {
    return Files.exists(paths.databases().resolve(COPY), LinkOption.NOFOLLOW_LINKS);
  }

  /** All of it as it is now. What runs goes on, and takes no changes while they are copied. */
  public Backup collect(Deployment serving, Instant now)
      throws IOException, InterruptedException, RefusedException, InstallRefusedException {
    var own = new ServiceFolder(paths.appliance());
    Map<String, byte[]> files = new HashMap<>();
    files.put(Backup.SETTINGS, Files.readAllBytes(paths.settings()));
    Optional<String> key = new DataKeyFile(paths).find();
    key.ifPresent(hex -> files.put(Backup.DATA_KEY, hex.getBytes(StandardCharsets.US_ASCII)));
    try {
      copyDatabase(serving);
      files.put(Backup.DATABASE, own.read(List.of(DATABASES, COPY), Backup.DATABASE));
    } finally {
      own.delete(List.of(DATABASES), COPY);
    }
    files.put(Backup.CERTIFICATE, own.read(List.of("tls"), "cert.pem"));
    files.put(Backup.CERTIFICATE_KEY, own.read(List.of("tls"), "key.pem"));
    return new Backup(
        now,
        Version.parse(serving.release().version()),
        serving.generation(),
        TrustStore.at(paths.trust()).policy(),
        files);
  }

  private void copyDatabase(Deployment serving)
      throws IOException, InterruptedException, InstallRefusedException {
    var service = new Service(paths, patience);
    boolean runs = service.running(serving);
    try {
      service.handOver(serving, COPY);
    } finally {
      if (runs) {
        service.resume(serving);
      }
    }
  }
}
