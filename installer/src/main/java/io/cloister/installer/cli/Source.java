package io.cloister.installer.cli;

import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.console.Step;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.slot.SlotFiles;
import io.cloister.installer.stage.InstalledChunks;
import io.cloister.repo.RefusedException;
import io.cloister.repo.client.Anchor;
import io.cloister.repo.client.Catalog;
import io.cloister.repo.client.Catalog.StaleRole;
import io.cloister.repo.client.ExistingChunks;
import io.cloister.repo.client.MediumClient;
import io.cloister.repo.client.PackageBlobs;
import io.cloister.repo.client.PackageReader;
import io.cloister.repo.client.TrustStore;
import io.cloister.repo.client.VerifiedPackage;
import io.cloister.repo.content.Chunk;
import io.cloister.repo.content.ManifestFile;
import io.cloister.repo.media.Delta;
import io.cloister.repo.media.Medium;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A medium whose metadata is trusted.
 *
 * @param client keeps that trust, when asked to
 * @param catalog what the medium holds
 * @param existing what this machine has, for what a delta medium leaves out
 */
record Source(Medium medium, MediumClient client, Catalog catalog, ExistingChunks existing)
    implements AutoCloseable {
  private static final int STATEMENT_BYTES_MAX = 4096;

  /** A medium that is there, as {@link #of}. */
  static Source open(Session session, List<Path> media, Optional<Anchor> anchor)
      throws RefusedException, IOException, InstallRefusedException {
    Medium opened = Media.open(session, media);
    try {
      return of(session, opened, anchor);
    } catch (RefusedException e) {
      opened.close();
      throw e;
    }
  }

  /** Checks the metadata, and warns of a clock that it contradicts; nothing is written. */
  static Source of(Session session, Medium opened, Optional<Anchor> anchor)
      throws RefusedException, IOException, InstallRefusedException {
    HostPaths paths = session.anyPaths();
    TrustStore trust =
        anchor
            .map(first -> TrustStore.at(paths.trust(), first))
            .orElseGet(() -> TrustStore.at(paths.trust()));
    var existing = InstalledChunks.of(paths, new SlotFiles(paths).read());
    MediumClient client = MediumClient.open(opened, trust, session.edge().now());
    var source = new Source(opened, client, client.refresh(), existing);
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

  /** Proves every byte, and shows how far it is. */
  void verify(Session session) throws RefusedException {
    try (Step step = session.console().step("verify", bytes(catalog))) {
      var progress = new ReadProgress(step);
      client.verifyAll(catalog, existing, progress);
      step.done();
      progress.warn(session);
    }
  }

  /** Each chunk is read once, however many files it is part of. */
  private static long bytes(Catalog catalog) {
    return catalog.packages().stream()
        .flatMap(each -> each.manifest().files().stream())
        .flatMap(file -> file.chunks().stream())
        .collect(Collectors.toMap(Chunk::blobPath, Chunk::length, (one, _) -> one))
        .values()
        .stream()
        .mapToLong(Integer::longValue)
        .sum();
  }

  /** Whether the medium leaves out what machines have. */
  boolean isDelta() throws RefusedException {
    return Delta.find(medium).isPresent();
  }

  PackageReader reader() {
    return new PackageReader(medium, catalog.packages(), existing);
  }

  /** The oldest glibc that a release says it runs on, where that can be known beforehand. */
  Optional<String> findGlibc(VerifiedPackage release) throws RefusedException {
    for (ManifestFile file : release.manifest().files()) {
      if (file.name().equals(PackageBlobs.STATEMENT) && file.length() <= STATEMENT_BYTES_MAX) {
        return reader().peek(release, file).flatMap(Source::glibc);
      }
    }
    return Optional.empty();
  }

  private static Optional<String> glibc(byte[] statement) {
    return new String(statement, StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.startsWith("glibc="))
        .map(line -> line.substring("glibc=".length()).strip())
        .findFirst();
  }

  @Override
  public void close() {
    medium.close();
  }
}
