package io.cloister.repo.client;

import io.cloister.repo.MediaRefusal.MalformedManifest;
import io.cloister.repo.MediaRefusal.Where;
import io.cloister.repo.MediaRefusal.WrongBytes;
import io.cloister.repo.Refusal;
import io.cloister.repo.RefusedException;
import io.cloister.repo.TrustRefusal;
import io.cloister.repo.client.Catalog.StaleRole;
import io.cloister.repo.client.DelegationSearch.Found;
import io.cloister.repo.content.FileName;
import io.cloister.repo.content.PackageManifest;
import io.cloister.repo.media.Medium;
import io.cloister.repo.metadata.Hashes;
import io.cloister.repo.metadata.Role;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.metadata.Signed;
import io.cloister.repo.metadata.Targets;
import io.cloister.repo.metadata.Targets.TargetFile;
import io.cloister.repo.trust.CheckTime;
import io.cloister.repo.trust.TrustedMetadata;
import io.cloister.repo.trust.TrustedTargets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Proves the manifests that trusted targets metadata names (TUF 1.0.34 §5.7). */
final class PackageManifests {
  private static final Duration CLOCK_TOLERANCE = Duration.ofDays(1);

  private final Medium medium;
  private final TrustedMetadata trusted;
  private final DelegationSearch search;

  PackageManifests(Medium medium, TrustedMetadata trusted, DelegationSearch search) {
    this.medium = medium;
    this.trusted = trusted;
    this.search = search;
  }

  Catalog catalog(Instant clock, CheckTime time) throws RefusedException {
    List<TrustedTargets> roles = search.readAll();
    Provenance provenance = provenance(trusted.targets().orElseThrow());
    List<VerifiedPackage> packages = new ArrayList<>();
    List<Refusal> faults = new ArrayList<>();
    for (String path : paths(roles)) {
      try {
        // A role may name what nobody delegated to it; that is no target (TUF 1.0.34 §4.5).
        Optional<Found> found = search.find(path);
        if (found.isPresent()) {
          packages.add(read(path, found.get().target(), provenance(found.get().role())));
        }
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
        expires(roles),
        stale(time, roles),
        aheadOf(clock));
  }

  private static SortedSet<String> paths(List<TrustedTargets> roles) {
    SortedSet<String> paths = new TreeSet<>();
    roles.forEach(each -> paths.addAll(each.role().targets().keySet()));
    return paths;
  }

  private Instant expires(List<TrustedTargets> roles) {
    return Stream.concat(MediumClient.topLevel(trusted), roles.stream().map(TrustedTargets::role))
        .map((Role role) -> role.common().expires())
        .min(Instant::compareTo)
        .orElseThrow();
  }

  private List<StaleRole> stale(CheckTime time, List<TrustedTargets> roles) {
    Stream<StaleRole> above =
        MediumClient.topLevel(trusted)
            .filter(role -> role.type() != RoleType.TARGETS)
            .map(role -> new StaleRole(role.type().toString(), role.common().expires()));
    Stream<StaleRole> targets =
        roles.stream().map(each -> new StaleRole(each.name(), each.role().common().expires()));
    return Stream.concat(above, targets).filter(each -> time.isExpired(each.expires())).toList();
  }

  private Optional<Duration> aheadOf(Instant clock) {
    return MediumClient.topLevel(trusted)
        .flatMap((Role role) -> role.common().signedAt().stream())
        .max(Instant::compareTo)
        .map(newest -> Duration.between(clock, newest))
        .filter(ahead -> ahead.compareTo(CLOCK_TOLERANCE) > 0);
  }

  /** Our media say when they were signed; without that nobody can be told. */
  private static Provenance provenance(TrustedTargets role) throws RefusedException {
    Signed<Targets> file = role.file();
    Instant signedAt =
        file.role()
            .common()
            .signedAt()
            .orElseThrow(
                () ->
                    new RefusedException(
                        new TrustRefusal.MalformedMetadata(
                            "metadata/%d.%s.json".formatted(file.version(), role.name()),
                            "signed_at is missing")));
    return new Provenance(file.version(), signedAt, role.keyIds());
  }

  private VerifiedPackage read(String path, TargetFile target, Provenance provenance)
      throws RefusedException {
    Where where = new Where(fileName(path, target), "package manifest");
    if (target.length() > PackageManifest.BYTES_MAX) {
      throw refused(where, "its stated length is " + target.length());
    }
    byte[] bytes = medium.readExactly(where, (int) target.length());
    Optional<Hashes.Mismatch> mismatch = target.hashes().findMismatch(bytes);
    if (mismatch.isPresent()) {
      throw new RefusedException(
          new WrongBytes(where, bytes.length, mismatch.get().stated(), mismatch.get().actual()));
    }
    PackageManifest manifest = PackageManifest.parse(bytes, where.file());
    if (!manifest.id().targetPath().equals(path)) {
      throw refused(where, "it describes " + manifest.id());
    }
    return new VerifiedPackage(manifest, bytes, provenance);
  }

  private String fileName(String path, TargetFile target) throws RefusedException {
    boolean consistent = trusted.root().role().consistentSnapshot();
    String name = consistent ? target.hashes().prefix() + "." + path : path;
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
