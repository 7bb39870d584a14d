package io.cloister.repo.metadata;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The four top-level roles (TUF 1.0.34 §2.1). */
public enum RoleType {
  ROOT(512_000),
  /** Room for several ML-DSA-87 signatures of 9,254 digits each. */
  TIMESTAMP(65_536),
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

  /** The role of that name. */
  public static Optional<RoleType> find(String name) {
    return Arrays.stream(values()).filter(each -> each.toString().equals(name)).findFirst();
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
