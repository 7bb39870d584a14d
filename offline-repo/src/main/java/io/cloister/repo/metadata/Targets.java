package io.cloister.repo.metadata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The target files that exist, for us package manifests (TUF 1.0.34 §4.5).
 *
 * @param targets by target path
 * @param delegations whom it trusts with further paths
 */
public record Targets(
    Common common, Map<String, TargetFile> targets, Optional<Delegations> delegations)
    implements Role {
  private static final int TARGETS_MAX = 10_000;

  /**
   * One target.
   *
   * @param length bytes
   * @param custom kept, not interpreted
   */
  public record TargetFile(long length, Hashes hashes, Optional<JsonNode> custom) {
    public static TargetFile of(byte[] bytes) {
      return new TargetFile(bytes.length, Hashes.of(bytes), Optional.empty());
    }
  }

  public Targets {
    targets = Map.copyOf(targets);
  }

  /** Without delegations. */
  public Targets(Common common, Map<String, TargetFile> targets) {
    this(common, targets, Optional.empty());
  }

  static Targets parse(Fields signed) throws JsonException {
    Map<String, TargetFile> targets = new TreeMap<>();
    for (Map.Entry<String, Fields> target :
        signed.object("targets").entries(TARGETS_MAX).entrySet()) {
      Fields file = target.getValue();
      targets.put(
          target.getKey(),
          new TargetFile(
              file.integer("length", 0, Long.MAX_VALUE),
              Hashes.parse(file.object("hashes")),
              Optional.ofNullable(file.node().get("custom"))));
    }
    Optional<Fields> delegations = signed.findObject("delegations");
    return new Targets(
        Common.parse(signed, "targets", "delegations"),
        targets,
        delegations.isPresent()
            ? Optional.of(Delegations.parse(delegations.get()))
            : Optional.empty());
  }

  @Override
  public RoleType type() {
    return RoleType.TARGETS;
  }

  @Override
  public ObjectNode encode() {
    ObjectNode signed = common.encode(type());
    ObjectNode targetsNode = signed.putObject("targets");
    targets.forEach(
        (path, file) -> {
          ObjectNode node = targetsNode.putObject(path);
          node.put("length", file.length());
          file.hashes().encode(node.putObject("hashes"));
          file.custom().ifPresent(custom -> node.set("custom", custom));
        });
    delegations.ifPresent(each -> each.encode(signed.putObject("delegations")));
    return signed;
  }
}
