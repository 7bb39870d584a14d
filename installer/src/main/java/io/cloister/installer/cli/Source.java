package io.cloister.installer.cli;

import io.cloister.installer.host.HostPaths;
import io.cloister.repo.RefusedException;
import io.cloister.repo.client.Anchor;
import io.cloister.repo.client.Catalog;
import io.cloister.repo.client.Catalog.StaleRole;
import io.cloister.repo.client.MediumClient;
import io.cloister.repo.client.PackageReader;
import io.cloister.repo.client.TrustStore;
import io.cloister.repo.client.VerifiedPackage;
import io.cloister.repo.content.ManifestFile;
import io.cloister.repo.content.Progress;
import io.cloister.repo.media.Medium;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A medium whose metadata is trusted.
 *
 * @param client keeps that trust, when asked to
 * @param catalog what the medium holds
 */
record Source(Medium medium, MediumClient client, Catalog catalog) {
  private static final int STATEMENT_BYTES_MAX = 4096;

  /** Checks the metadata, and warns of a clock that it contradicts; nothing is written. */
  static Source open(Session session, Path folder, HostPaths paths, Optional<Anchor> anchor)
      throws RefusedException {
    TrustStore trust =
        anchor
            .map(first -> TrustStore.at(paths.trust(), first))
            .orElseGet(() -> TrustStore.at(paths.trust()));
    Medium medium = Medium.folder(folder);
    MediumClient client = MediumClient.open(medium, trust, session.edge().now());
    var source = new Source(medium, client, client.refresh());
    source.catalog().aheadOfClock().ifPresent(ahead -> session.say(warning(ahead)));
    source.catalog().stale().forEach(stale -> session.say(warning(stale)));
    return source;
  }

  private static String warning(Duration ahead) {
    return "warning: this medium was signed %d days after this machine's clock; check: date -u"
        .formatted(ahead.toDays());
  }

  private static String warning(StaleRole stale) {
    return "warning: %s metadata has expired, %s; this site's policy still takes it"
        .formatted(stale.role(), stale.expires());
  }

  PackageReader reader() {
    return new PackageReader(medium);
  }

  /** The oldest glibc that a release says it runs on. */
  Optional<String> findGlibc(VerifiedPackage release) throws RefusedException, IOException {
    for (ManifestFile file : release.manifest().files()) {
      if (file.name().equals("RELEASE") && file.length() <= STATEMENT_BYTES_MAX) {
        var bytes = new ByteArrayOutputStream();
        reader().copy(release, file, bytes, Progress.SILENT);
        return bytes
            .toString(StandardCharsets.UTF_8)
            .lines()
            .filter(line -> line.startsWith("glibc="))
            .map(line -> line.substring("glibc=".length()).strip())
            .findFirst();
      }
    }
    return Optional.empty();
  }
}
