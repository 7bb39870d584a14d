package io.cloister.repo.testing;

import java.nio.file.Path;

/** Something that changes a disk. */
public record Effect(Kind kind, Path path) {

  /** As a disk sees it. */
  public enum Kind {
    CREATE,
    WRITE,
    CUT_OFF,
    MOVE,
    DELETE,
    PERMIT,
    FORCE;

    boolean needsRoom() {
      return this == CREATE || this == WRITE;
    }
  }

  @Override
  public String toString() {
    return kind.name().toLowerCase(java.util.Locale.ROOT) + " " + path;
  }
}
