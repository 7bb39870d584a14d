package io.cloister.repo.trust;

import io.cloister.repo.RefusedException;
import io.cloister.repo.TrustRefusal;
import io.cloister.repo.keys.KeyIdentity;
import io.cloister.repo.metadata.FileMeta;
import io.cloister.repo.metadata.Hashes;
import io.cloister.repo.metadata.Role;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.metadata.Root;
import io.cloister.repo.metadata.Signed;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The single checks of which the workflow is made. */
final class Checks {
  private Checks() {}

  static void version(String role, String file, long expected, long actual)
      throws RefusedException {
    if (expected != actual) {
      throw new RefusedException(new TrustRefusal.WrongVersion(role, file, expected, actual));
    }
  }

  static void rollback(Signed<?> trusted, long offered, String file) throws RefusedException {
    if (offered < trusted.version()) {
      throw new RefusedException(
          new TrustRefusal.Rollback(
              trusted.role().type().toString(),
              file,
              trusted.version(),
              trusted.role().common().signedAt(),
              offered));
    }
  }

  /** Expired from the stated second on, and not within the site's budget either. */
  static void expiry(Signed<?> file, String name, CheckTime time) throws RefusedException {
    Role role = file.role();
    Instant expires = role.common().expires();
    if (time.isRefused(expires)) {
      throw new RefusedException(
          new TrustRefusal.Expired(
              role.type().toString(),
              name,
              role.common().signedAt(),
              expires,
              time.now(),
              time.hostClock(),
              time.staleness()));
    }
  }

  static void stated(byte[] bytes, FileMeta stated, String file, String by)
      throws RefusedException {
    long length = stated.length().orElse((long) bytes.length);
    if (length != bytes.length) {
      throw new RefusedException(
          new TrustRefusal.MixedMetadata(
              file, by, "length", String.valueOf(length), String.valueOf(bytes.length)));
    }
    Optional<Hashes.Mismatch> mismatch = stated.hashes().flatMap(each -> each.findMismatch(bytes));
    if (mismatch.isPresent()) {
      Hashes.Mismatch it = mismatch.get();
      throw new RefusedException(
          new TrustRefusal.MixedMetadata(file, by, it.algorithm(), it.stated(), it.actual()));
    }
  }

  static boolean lostKey(Root old, Root next, RoleType type) {
    return !keys(next, type).containsAll(keys(old, type));
  }

  private static Set<KeyIdentity> keys(Root root, RoleType type) {
    return root.keysOf(type).keyIds().stream()
        .map(root.keys()::get)
        .filter(Objects::nonNull)
        .map(KeyIdentity::of)
        .collect(Collectors.toSet());
  }
}
