package io.cloister.repo.publish;

import io.cloister.repo.RefusedException;
import io.cloister.repo.VendorRefusal.ThresholdUnreachable;
import io.cloister.repo.keys.KeyIdentity;
import io.cloister.repo.metadata.Common;
import io.cloister.repo.metadata.Key;
import io.cloister.repo.metadata.RoleKeys;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.metadata.Root;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a repository starts.
 *
 * @param keys for each role at least one
 * @param thresholds where missing, every key of the role must sign
 * @param lifetime of targets, snapshot and timestamp; root lasts longer
 */
public record RepositorySetup(
    Map<RoleType, List<Key>> keys, Map<RoleType, Integer> thresholds, Duration lifetime) {
  public RepositorySetup {
    keys = Map.copyOf(keys);
    thresholds = Map.copyOf(thresholds);
  }

  Root root(Common common) throws RefusedException {
    Map<String, Key> byId = new LinkedHashMap<>();
    Map<RoleType, RoleKeys> roles = new EnumMap<>(RoleType.class);
    for (RoleType type : RoleType.values()) {
      List<Key> own = keys.getOrDefault(type, List.of()).stream().distinct().toList();
      own.forEach(each -> byId.put(each.id(), each));
      RoleKeys role =
          new RoleKeys(
              thresholds.getOrDefault(type, own.size()), own.stream().map(Key::id).toList());
      checkReachable(type.toString(), role, byId);
      roles.put(type, role);
    }
    return new Root(common, true, byId, roles);
  }

  /** Refuses a threshold that the keys, each counted once, cannot reach. */
  static void checkReachable(String role, RoleKeys keys, Map<String, Key> byId)
      throws RefusedException {
    long different = keys.keyIds().stream().map(byId::get).map(KeyIdentity::of).distinct().count();
    if (keys.threshold() < 1 || keys.threshold() > different) {
      throw new RefusedException(new ThresholdUnreachable(role, keys.threshold(), different));
    }
  }
}
