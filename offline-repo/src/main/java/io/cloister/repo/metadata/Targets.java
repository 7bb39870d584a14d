package io.cloister.repo.metadata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The package manifests that exist (TUF 1.0.34 §4.5).
 *
 * @param targets by target path
 */
public record Targets(Common common, Map<String, TargetFile> targets) implements Role {
  private static final int TARGETS_MAX = 10_000;

  /**
   * One target.
   *
   * @param length bytes
   * @param custom kept, not interpreted
   */
  public record TargetFile(long length, Sha256 sha256, Optional<JsonNode> custom) {
    public static TargetFile of(byte[] bytes) {
      return new TargetFile(bytes.length, Sha256.of(bytes), Optional.empty());
    }
  }

  public Targets {
    targets = Map.copyOf(targets);
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
              file.object("hashes").sha256("sha256"),
              Optional.ofNullable(file.node().get("custom"))));
    }
    return new Targets(Common.parse(signed, "targets"), targets);
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
          node.putObject("hashes").put("sha256", file.sha256().hex());
          file.custom().ifPresent(custom -> node.set("custom", custom));
        });
    return signed;
  }
}
