package io.cloister.repo.metadata;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Which snapshot is current (TUF 1.0.34 §4.6). */
public record Timestamp(Common common, FileMeta snapshot) implements Role {

  static Timestamp parse(Fields signed) throws JsonException {
    return new Timestamp(
        Common.parse(signed, "meta"),
        FileMeta.parse(signed.object("meta").object(RoleType.SNAPSHOT.fileName())));
  }

  @Override
  public RoleType type() {
    return RoleType.TIMESTAMP;
  }

  @Override
  public ObjectNode encode() {
    ObjectNode signed = common.encode(type());
    snapshot.encode(signed.putObject("meta").putObject(RoleType.SNAPSHOT.fileName()));
    return signed;
  }
}
