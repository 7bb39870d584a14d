package io.cloister.repo.publish;

import io.cloister.repo.keys.Tally;
import io.cloister.repo.metadata.Signed;
import java.time.Instant;
import java.util.List;

/**
 * How far one version of a role is signed.
 *
 * @param staged whether it waits for signatures; else it is in force
 * @param counts valid signatures against each threshold that counts for it
 */
public record RoleStatus(
    RoleName role, boolean staged, long version, List<Count> counts, Instant expires) {
  public RoleStatus {
    counts = List.copyOf(counts);
  }

  /**
   * Against one threshold.
   *
   * @param statedBy the document that states it
   * @param signatures valid ones, of different keys
   */
  public record Count(String statedBy, int signatures, int threshold) {
    public boolean isReached() {
      return signatures >= threshold;
    }
  }

  public boolean isWhole() {
    return counts.stream().allMatch(Count::isReached);
  }

  static RoleStatus of(RoleName role, boolean staged, Signed<?> file, Authority authority) {
    return new RoleStatus(
        role,
        staged,
        file.version(),
        authority.demands().stream().map(each -> count(each, file)).toList(),
        file.role().common().expires());
  }

  private static Count count(Authority.Demand demand, Signed<?> file) {
    Tally tally = demand.count(file);
    return new Count(demand.statedBy(), tally.keyIds().size(), tally.required());
  }
}
