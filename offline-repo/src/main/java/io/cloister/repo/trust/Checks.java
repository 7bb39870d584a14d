package io.cloister.repo.trust;

import io.cloister.repo.RefusedException;
import io.cloister.repo.TrustRefusal;
import io.cloister.repo.keys.Tally;
import io.cloister.repo.metadata.FileMeta;
import io.cloister.repo.metadata.Key;
import io.cloister.repo.metadata.Role;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.metadata.Root;
import io.cloister.repo.metadata.Sha256;
import io.cloister.repo.metadata.Signed;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** The single checks of which the workflow is made. */
final class Checks {
  private Checks() {}

  static void signatures(Signed<?> file, Root by, RoleType type, String name)
      throws RefusedException {
    Tally tally = Tally.count(file, by, type);
    if (!tally.isReached()) {
      throw new RefusedException(
          new TrustRefusal.BelowThreshold(
              type.toString(),
              name,
              "root version " + by.version(),
              tally.required(),
              tally.keyIds().size(),
              tally.faults()));
    }
  }

  static void version(RoleType type, String file, long expected, long actual)
      throws RefusedException {
    if (expected != actual) {
      throw new RefusedException(
          new TrustRefusal.WrongVersion(type.toString(), file, expected, actual));
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

  /** Expired from the stated second on. */
  static void expiry(Signed<?> file, String name, CheckTime time) throws RefusedException {
    Role role = file.role();
    Instant expires = role.common().expires();
    if (!time.now().isBefore(expires)) {
      throw new RefusedException(
          new TrustRefusal.Expired(
              role.type().toString(), name, expires, time.now(), time.hostClock()));
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
    Sha256 actual = Sha256.of(bytes);
    Sha256 expected = stated.sha256().orElse(actual);
    if (!expected.equals(actual)) {
      throw new RefusedException(
          new TrustRefusal.MixedMetadata(file, by, "sha256", expected.hex(), actual.hex()));
    }
  }

  static boolean lostKey(Root old, Root next, RoleType type) {
    return !keys(next, type).containsAll(keys(old, type));
  }

  private static Set<Key> keys(Root root, RoleType type) {
    return root.keysOf(type).keyIds().stream()
        .map(root.keys()::get)
        .filter(Objects::nonNull)
        .map(Key::identity)
        .collect(Collectors.toSet());
  }
}
