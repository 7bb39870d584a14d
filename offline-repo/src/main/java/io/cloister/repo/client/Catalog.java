package io.cloister.repo.client;

import io.cloister.repo.content.Kind;
import io.cloister.repo.content.PackageId;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a medium holds, as trusted metadata states it.
 *
 * @param packages ordered by kind, name and version
 * @param rootVersion trusted now
 * @param timestampVersion of this medium
 * @param expires when the first of all roles expires, delegated ones included
 * @param stale roles that have expired and were taken under the site's budget
 * @param aheadOfClock how far the newest signed time lies after the host clock, where that is more
 *     than a day: one of the two is wrong, and accepted, that time will decide what has expired
 */
public record Catalog(
    List<VerifiedPackage> packages,
    Provenance provenance,
    long rootVersion,
    long timestampVersion,
    Instant expires,
    List<StaleRole> stale,
    Optional<Duration> aheadOfClock) {

  /** Expired metadata that the site's policy still takes. */
  public record StaleRole(String role, Instant expires) {}

  public Catalog {
    stale = List.copyOf(stale);
    packages = packages.stream().sorted(Comparator.comparing(VerifiedPackage::id)).toList();
  }

  public Optional<VerifiedPackage> find(PackageId id) {
    return packages.stream().filter(each -> each.id().equals(id)).findFirst();
  }

  /** The highest version of that name. */
  public Optional<VerifiedPackage> findNewest(Kind kind, String name) {
    return packages.stream()
        .filter(each -> each.id().kind() == kind && each.id().name().equals(name))
        .max(Comparator.comparing(VerifiedPackage::id));
  }

  public List<VerifiedPackage> ofKind(Kind kind) {
    return packages.stream().filter(each -> each.id().kind() == kind).toList();
  }
}
