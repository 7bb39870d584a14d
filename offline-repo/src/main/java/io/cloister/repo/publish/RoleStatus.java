package io.cloister.repo.publish;

import io.cloister.repo.keys.Tally;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.metadata.Root;
import io.cloister.repo.metadata.Signed;
import java.time.Instant;

/**
 * How far the newest version of a role is signed.
 *
 * @param signatures valid ones, of different keys
 * @param threshold how many are needed
 */
public record RoleStatus(
    RoleType type, long version, int signatures, int threshold, Instant expires) {

  static RoleStatus of(Signed<?> file, Root root) {
    RoleType type = file.role().type();
    Tally tally = Tally.count(file, root, type);
    return new RoleStatus(
        type,
        file.version(),
        tally.keyIds().size(),
        tally.required(),
        file.role().common().expires());
  }
}
