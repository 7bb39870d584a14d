package io.cloister.repo.client;

import io.cloister.repo.metadata.Role;
import io.cloister.repo.trust.TrustedMetadata;
import io.cloister.repo.trust.TrustedTargets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The metadata that one run accepted.
 *
 * @param targets the top-level role first, then every delegated one, once for each delegator
 */
public record AcceptedRoles(TrustedMetadata trusted, List<TrustedTargets> targets) {
  public AcceptedRoles {
    targets = List.copyOf(targets);
  }

  /** By name, root first. */
  public Map<String, Role> byName() {
    Map<String, Role> roles = new LinkedHashMap<>();
    roles.put("root", trusted.root().role());
    targets.forEach(each -> roles.putIfAbsent(each.name(), each.role()));
    roles.put("snapshot", trusted.snapshot().orElseThrow().role());
    roles.put("timestamp", trusted.timestamp().orElseThrow().role());
    return roles;
  }
}
