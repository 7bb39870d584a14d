package io.cloister.repo.publish;

import io.cloister.repo.RefusedException;
import io.cloister.repo.VendorRefusal.BadRepository;
import io.cloister.repo.metadata.DelegatedRole;
import io.cloister.repo.metadata.Delegations;
import io.cloister.repo.metadata.FileMeta;
import io.cloister.repo.metadata.Role;
import io.cloister.repo.metadata.Snapshot;
import io.cloister.repo.metadata.Targets;
import io.cloister.repo.metadata.Targets.TargetFile;
import io.cloister.repo.metadata.Timestamp;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a medium would hold: that to which the timestamp leads, which need not be the newest. */
final class PublishedMetadata {
  private final RoleFiles files;

  private PublishedMetadata(RoleFiles files) {
    this.files = files;
  }

  /** Its packages by target path. Refuses where a role that is needed was never signed. */
  static Map<String, TargetFile> packages(RoleFiles files) throws RefusedException, IOException {
    return new PublishedMetadata(files).packages();
  }

  private Map<String, TargetFile> packages() throws RefusedException, IOException {
    if (files.newestVersion(RoleName.ROOT) == 0) {
      throw unsigned(RoleName.ROOT);
    }
    Role timestamp =
        files.findNewest(RoleName.TIMESTAMP).orElseThrow(() -> unsigned(RoleName.TIMESTAMP)).role();
    long version = ((Timestamp) timestamp).snapshot().version();
    Map<String, FileMeta> meta = ((Snapshot) read(RoleName.SNAPSHOT, version)).meta();
    Targets top = targets(RoleName.TARGETS, meta);
    Map<String, TargetFile> packages = new TreeMap<>(top.targets());
    for (DelegatedRole each : top.delegations().map(Delegations::roles).orElse(List.of())) {
      packages.putAll(targets(new RoleName(each.name()), meta).targets());
    }
    return packages;
  }

  private Targets targets(RoleName role, Map<String, FileMeta> meta)
      throws RefusedException, IOException {
    FileMeta stated = meta.get(role.metaName());
    if (stated == null) {
      throw unsigned(role);
    }
    return (Targets) read(role, stated.version());
  }

  private Role read(RoleName role, long version) throws RefusedException, IOException {
    return files.find(role, version).orElseThrow(() -> unsigned(role)).role();
  }

  private static RefusedException unsigned(RoleName role) {
    return new RefusedException(
        new BadRepository(
            "metadata",
            "%s is not signed to its threshold yet: cloister-repo sign".formatted(role)));
  }
}
