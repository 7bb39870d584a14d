package io.cloister.repo.testing;

import io.cloister.repo.RefusedException;
import io.cloister.repo.client.ClientWorkflow;
import io.cloister.repo.client.MetadataFiles;
import io.cloister.repo.keys.SigningKey;
import io.cloister.repo.metadata.Common;
import io.cloister.repo.metadata.DelegatedRole;
import io.cloister.repo.metadata.Delegations;
import io.cloister.repo.metadata.FileMeta;
import io.cloister.repo.metadata.Key;
import io.cloister.repo.metadata.PathPattern;
import io.cloister.repo.metadata.PathRule;
import io.cloister.repo.metadata.Role;
import io.cloister.repo.metadata.RoleKeys;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.metadata.Root;
import io.cloister.repo.metadata.Signature;
import io.cloister.repo.metadata.Signed;
import io.cloister.repo.metadata.Snapshot;
import io.cloister.repo.metadata.Targets;
import io.cloister.repo.metadata.Targets.TargetFile;
import io.cloister.repo.metadata.Timestamp;
import io.cloister.repo.trust.CheckTime;
import io.cloister.repo.trust.SignaturePolicy;
import io.cloister.repo.trust.TrustedMetadata;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A repository of metadata in memory that a test shapes freely, roles and delegations alike. */
public final class MemoryRepository implements MetadataFiles {
  private static final Instant NOW = SigningRepository.NOW;
  private static final Instant EXPIRES = NOW.plus(SigningRepository.LIFETIME);

  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final Map<String, List<SigningKey>> signers = new LinkedHashMap<>();
  private final Map<RoleType, RoleKeys> roles = new EnumMap<>(RoleType.class);
  private final Map<String, Key> keys = new LinkedHashMap<>();
  private final Map<String, Targets> targets = new LinkedHashMap<>();
  private final Map<String, FileMeta> stated = new LinkedHashMap<>();
  private long rootVersion;

  /** The same keys for each top-level role, and all of them must sign. */
  public MemoryRepository(SigningKey... all) {
    for (RoleType type : RoleType.values()) {
      keys(type, all.length, all);
    }
    targets.put("targets", targets(1, EXPIRES));
  }

  private static Targets targets(long version, Instant expires) {
    return new Targets(Common.of(version, NOW, expires), Map.of());
  }

  /** Who may sign a top-level role from the next root on, and does. */
  public MemoryRepository keys(RoleType type, int threshold, SigningKey... all) {
    for (SigningKey each : all) {
      keys.put(each.key().id(), each.key());
    }
    List<String> ids = List.of(all).stream().map(each -> each.key().id()).toList();
    roles.put(type, new RoleKeys(threshold, ids));
    return signers(type.toString(), all);
  }

  /** Lists a public key for a role, whatever it is. */
  public MemoryRepository stranger(RoleType type, String id, Key key) {
    keys.put(id, key);
    List<String> ids = new ArrayList<>(List.of(id));
    RoleKeys old = roles.getOrDefault(type, new RoleKeys(1, List.of()));
    ids.addAll(old.keyIds());
    roles.put(type, new RoleKeys(old.threshold(), ids));
    return this;
  }

  /** Who signs from now on, allowed or not. */
  public MemoryRepository signers(String role, SigningKey... all) {
    signers.put(role, List.of(all));
    return this;
  }

  /** Writes the next root, signed by these. */
  public MemoryRepository root(SigningKey... by) {
    signers.put("root", List.of(by));
    Root root = new Root(Common.of(++rootVersion, NOW, EXPIRES), true, keys, roles);
    put(rootVersion + ".root.json", root, "root");
    return this;
  }

  public MemoryRepository delegate(
      String delegator, String name, String pattern, SigningKey key, boolean terminating) {
    DelegatedRole role =
        new DelegatedRole(
            name,
            new RoleKeys(1, List.of(key.key().id())),
            terminating,
            new PathRule.Patterns(List.of(new PathPattern(pattern))));
    Targets old = targets.getOrDefault(delegator, targets(1, EXPIRES));
    Delegations all = old.delegations().orElse(new Delegations(Map.of(), List.of()));
    Map<String, Key> delegatedKeys = new LinkedHashMap<>(all.keys());
    delegatedKeys.put(key.key().id(), key.key());
    List<DelegatedRole> delegated = new ArrayList<>(all.roles());
    delegated.add(role);
    Optional<Delegations> next = Optional.of(new Delegations(delegatedKeys, delegated));
    targets.put(delegator, new Targets(old.common(), old.targets(), next));
    targets.putIfAbsent(name, targets(1, EXPIRES));
    signers.putIfAbsent(name, List.of(key));
    return this;
  }

  /** Adds a target whose content is its path. */
  public MemoryRepository target(String role, String path) {
    Targets old = targets.getOrDefault(role, targets(1, EXPIRES));
    Map<String, TargetFile> more = new LinkedHashMap<>(old.targets());
    more.put(path, TargetFile.of(path.getBytes(StandardCharsets.UTF_8)));
    targets.put(role, new Targets(old.common(), more, old.delegations()));
    return this;
  }

  public MemoryRepository expire(String role, Instant expires) {
    Targets old = targets.getOrDefault(role, targets(1, EXPIRES));
    Common common = Common.of(old.version(), NOW, expires);
    targets.put(role, new Targets(common, old.targets(), old.delegations()));
    return this;
  }

  /** Signs targets, snapshot and timestamp. */
  public MemoryRepository publish() {
    for (Map.Entry<String, Targets> each : targets.entrySet()) {
      String name =
          RoleType.find(each.getKey()).isPresent() ? each.getKey() : encoded(each.getKey());
      byte[] bytes = put("1." + name + ".json", each.getValue(), each.getKey());
      stated.put(each.getKey() + ".json", FileMeta.of(1, bytes));
    }
    byte[] snapshot =
        put("1.snapshot.json", new Snapshot(Common.of(1, NOW, EXPIRES), stated), "snapshot");
    Timestamp timestamp = new Timestamp(Common.of(1, NOW, EXPIRES), FileMeta.of(1, snapshot));
    put("timestamp.json", timestamp, "timestamp");
    return this;
  }

  private static String encoded(String role) {
    RoleKeys nobody = new RoleKeys(1, List.of());
    String name =
        new DelegatedRole(role, nobody, false, new PathRule.Patterns(List.of())).fileName();
    return name.substring(0, name.length() - ".json".length());
  }

  private byte[] put(String name, Role role, String by) {
    byte[] message = Signed.of(role, List.of()).canonical();
    List<Signature> signatures =
        signers.getOrDefault(by, List.of()).stream().map(key -> key.sign(message)).toList();
    byte[] bytes = Signed.of(role, signatures).bytes();
    files.put("metadata/" + name, bytes);
    return bytes;
  }

  @Override
  public Optional<byte[]> find(String file, int bytesMax) {
    return Optional.ofNullable(files.get(file));
  }

  /** Leaves a file out. */
  public MemoryRepository remove(String file) {
    files.remove(file);
    return this;
  }

  /** What a client that trusts version 1 of root accepts. */
  public ClientWorkflow refreshed(SignaturePolicy policy) throws RefusedException {
    byte[] first = find("metadata/1.root.json", 0).orElseThrow();
    TrustedMetadata start =
        TrustedMetadata.startFrom(first, "1.root.json").under(policy, "1.root.json");
    ClientWorkflow workflow = new ClientWorkflow(this, start, CheckTime.of(NOW, Optional.empty()));
    workflow.refresh();
    return workflow;
  }
}
