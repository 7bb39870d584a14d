package io.cloister.repo.publish;

import io.cloister.repo.RefusedException;
import io.cloister.repo.VendorRefusal.BadRepository;
import io.cloister.repo.metadata.DelegatedRole;
import io.cloister.repo.metadata.Delegations;
import io.cloister.repo.metadata.FileMeta;
import io.cloister.repo.metadata.Role;
import io.cloister.repo.metadata.Signed;
import io.cloister.repo.metadata.Snapshot;
import io.cloister.repo.metadata.Targets;
import io.cloister.repo.metadata.Targets.TargetFile;
import io.cloister.repo.metadata.Timestamp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a medium gets: the files that the timestamp leads to, which need not be the newest. */
final class PublishedMetadata {
  private final RoleFiles files;
  private final List<String> names = new ArrayList<>();
  private final Map<String, TargetFile> packages = new TreeMap<>();

  private PublishedMetadata(RoleFiles files) {
    this.files = files;
  }

  /** Refuses where a role that is needed was never signed. */
  static PublishedMetadata read(RoleFiles files) throws RefusedException, IOException {
    PublishedMetadata published = new PublishedMetadata(files);
    long roots = files.newestVersion(RoleName.ROOT);
    for (long version = 1; version <= roots; version++) {
      published.names.add("metadata/" + files.file(RoleName.ROOT, version).getFileName());
    }
    published.readRoles();
    return published;
  }

  private void readRoles() throws RefusedException, IOException {
    if (names.isEmpty()) {
      throw unsigned(RoleName.ROOT);
    }
    Signed<?> timestamp = files.findNewest(RoleName.TIMESTAMP).orElseThrow(this::noTimestamp);
    long version = ((Timestamp) timestamp.role()).snapshot().version();
    Map<String, FileMeta> meta = ((Snapshot) read(RoleName.SNAPSHOT, version)).meta();
    Targets top = readTargets(RoleName.TARGETS, meta);
    for (DelegatedRole each : top.delegations().map(Delegations::roles).orElse(List.of())) {
      readTargets(new RoleName(each.name()), meta);
    }
  }

  private Targets readTargets(RoleName role, Map<String, FileMeta> meta)
      throws RefusedException, IOException {
    FileMeta stated = meta.get(role.metaName());
    if (stated == null) {
      throw unsigned(role);
    }
    Targets targets = (Targets) read(role, stated.version());
    packages.putAll(targets.targets());
    return targets;
  }

  private Role read(RoleName role, long version) throws RefusedException, IOException {
    Optional<Signed<?>> found = files.find(role, version);
    if (found.isEmpty()) {
      throw unsigned(role);
    }
    names.add("metadata/" + files.file(role, version).getFileName());
    return found.get().role();
  }

  private RefusedException noTimestamp() {
    return unsigned(RoleName.TIMESTAMP);
  }

  private RefusedException unsigned(RoleName role) {
    return new RefusedException(
        new BadRepository(
            "metadata",
            "%s is not signed to its threshold yet: cloister-repo sign".formatted(role)));
  }

  /** Below the repository, the roots first, without the timestamp. */
  List<String> names() {
    return List.copyOf(names);
  }

  /** By target path. */
  Map<String, TargetFile> packages() {
    return Map.copyOf(packages);
  }
}
