package io.cloister.repo.metadata;

import java.util.Locale;

/** The four top-level roles (TUF 1.0.34 §2.1). */
public enum RoleType {
  ROOT(512_000),
  TIMESTAMP(16_384),
  SNAPSHOT(2_000_000),
  TARGETS(5_000_000);

  private final int bytesMax;

  RoleType(int bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** Longest file of this role that is read where nothing trusted states its length. */
  public int bytesMax() {
    return bytesMax;
  }

  /** The file's name without version, e.g. {@code snapshot.json}. */
  public String fileName() {
    return this + ".json";
  }

  /** As {@code _type} and root's {@code roles} spell it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
