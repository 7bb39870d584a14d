package io.cloister.repo.metadata;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which versions of targets metadata belong together (TUF 1.0.34 §4.4).
 *
 * @param meta by file name; {@code targets.json} is always there
 */
public record Snapshot(Common common, Map<String, FileMeta> meta) implements Role {
  private static final int META_MAX = 20_000;

  public Snapshot {
    meta = Map.copyOf(meta);
  }

  static Snapshot parse(Fields signed) throws JsonException {
    Map<String, FileMeta> meta = new TreeMap<>();
    Fields named = signed.object("meta");
    named.value(RoleType.TARGETS.fileName());
    for (Map.Entry<String, Fields> file : named.entries(META_MAX).entrySet()) {
      meta.put(file.getKey(), FileMeta.parse(file.getValue()));
    }
    return new Snapshot(Common.parse(signed, "meta"), meta);
  }

  /** What it states about {@code targets.json}. */
  public FileMeta targets() {
    FileMeta targets = meta.get(RoleType.TARGETS.fileName());
    if (targets == null) {
      throw new IllegalStateException("a snapshot names targets.json");
    }
    return targets;
  }

  @Override
  public RoleType type() {
    return RoleType.SNAPSHOT;
  }

  @Override
  public ObjectNode encode() {
    ObjectNode signed = common.encode(type());
    ObjectNode metaNode = signed.putObject("meta");
    meta.forEach((name, file) -> file.encode(metaNode.putObject(name)));
    return signed;
  }
}
