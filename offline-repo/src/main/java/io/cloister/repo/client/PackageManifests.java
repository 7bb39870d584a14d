package io.cloister.repo.client;

import io.cloister.repo.MediaRefusal.MalformedManifest;
import io.cloister.repo.MediaRefusal.Where;
import io.cloister.repo.MediaRefusal.WrongBytes;
import io.cloister.repo.Refusal;
import io.cloister.repo.RefusedException;
import io.cloister.repo.TrustRefusal;
import io.cloister.repo.content.FileName;
import io.cloister.repo.content.PackageManifest;
import io.cloister.repo.media.Medium;
import io.cloister.repo.metadata.Role;
import io.cloister.repo.metadata.Sha256;
import io.cloister.repo.metadata.Signed;
import io.cloister.repo.metadata.Targets;
import io.cloister.repo.metadata.Targets.TargetFile;
import io.cloister.repo.trust.TrustedMetadata;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Proves the manifests that trusted targets metadata names (TUF 1.0.34 §5.7). */
final class PackageManifests {
  private static final Duration CLOCK_TOLERANCE = Duration.ofDays(1);

  private final Medium medium;
  private final TrustedMetadata trusted;

  PackageManifests(Medium medium, TrustedMetadata trusted) {
    this.medium = medium;
    this.trusted = trusted;
  }

  Catalog catalog(Instant clock) throws RefusedException {
    Provenance provenance = provenance();
    List<VerifiedPackage> packages = new ArrayList<>();
    List<Refusal> faults = new ArrayList<>();
    Targets targets = trusted.targets().orElseThrow().role();
    for (var target : new TreeMap<>(targets.targets()).entrySet()) {
      try {
        packages.add(read(target.getKey(), target.getValue(), provenance));
      } catch (RefusedException e) {
        faults.addAll(e.refusals());
      }
    }
    if (!faults.isEmpty()) {
      throw new RefusedException(faults);
    }
    return new Catalog(
        packages,
        provenance,
        trusted.root().version(),
        trusted.timestamp().orElseThrow().version(),
        MediumClient.roles(trusted)
            .map((Role role) -> role.common().expires())
            .min(Instant::compareTo)
            .orElseThrow(),
        aheadOf(clock));
  }

  private Optional<Duration> aheadOf(Instant clock) {
    return MediumClient.roles(trusted)
        .flatMap((Role role) -> role.common().signedAt().stream())
        .max(Instant::compareTo)
        .map(newest -> Duration.between(clock, newest))
        .filter(ahead -> ahead.compareTo(CLOCK_TOLERANCE) > 0);
  }

  /** Our media say when they were signed; without that nobody can be told. */
  private Provenance provenance() throws RefusedException {
    Signed<Targets> targets = trusted.targets().orElseThrow();
    Instant signedAt =
        targets
            .role()
            .common()
            .signedAt()
            .orElseThrow(
                () ->
                    new RefusedException(
                        new TrustRefusal.MalformedMetadata(
                            "metadata/" + targets.version() + ".targets.json",
                            "signed_at is missing")));
    return new Provenance(targets.version(), signedAt, trusted.targetsSigners().keyIds());
  }

  private VerifiedPackage read(String path, TargetFile target, Provenance provenance)
      throws RefusedException {
    Where where = new Where(fileName(path, target.sha256()), "package manifest");
    if (target.length() > PackageManifest.BYTES_MAX) {
      throw refused(where, "its stated length is " + target.length());
    }
    byte[] bytes = medium.readExactly(where, (int) target.length());
    Sha256 actual = Sha256.of(bytes);
    if (!actual.equals(target.sha256())) {
      throw new RefusedException(
          new WrongBytes(where, bytes.length, target.sha256().hex(), actual.hex()));
    }
    PackageManifest manifest = PackageManifest.parse(bytes, where.file());
    if (!manifest.id().targetPath().equals(path)) {
      throw refused(where, "it describes " + manifest.id());
    }
    return new VerifiedPackage(manifest, bytes, provenance);
  }

  private String fileName(String path, Sha256 digest) throws RefusedException {
    String name = trusted.root().role().consistentSnapshot() ? digest + "." + path : path;
    try {
      return FileName.check("targets/" + name);
    } catch (IllegalArgumentException e) {
      throw refused(Where.of("targets.json"), String.valueOf(e.getMessage()));
    }
  }

  private static RefusedException refused(Where where, String fault) {
    return new RefusedException(new MalformedManifest(where.file(), fault));
  }
}
