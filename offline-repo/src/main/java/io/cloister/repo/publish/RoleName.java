package io.cloister.repo.publish;

import io.cloister.repo.metadata.DelegatedRole;
import io.cloister.repo.metadata.RoleType;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One role of a repository: a top-level one, or a delegated one such as {@code models/vision}. The
 * form of delegated names is this tool's own: lower case, so that no two differ on a disk that
 * ignores case.
 */
public record RoleName(String text) {
  private static final int LENGTH_MAX = 64;
  private static final Pattern FORM =
      Pattern.compile("[a-z0-9*][a-z0-9*._-]*(/[a-z0-9*][a-z0-9*._-]*)*");

  static final RoleName ROOT = of(RoleType.ROOT);
  static final RoleName TARGETS = of(RoleType.TARGETS);
  static final RoleName SNAPSHOT = of(RoleType.SNAPSHOT);
  static final RoleName TIMESTAMP = of(RoleType.TIMESTAMP);

  /** Throws IllegalArgumentException for a name of another form. */
  public RoleName {
    if (text.length() > LENGTH_MAX || !FORM.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "a role's name has 1 to %d of a-z 0-9 . _ - *, with / between its parts"
              .formatted(LENGTH_MAX));
    }
  }

  public static RoleName of(RoleType type) {
    return new RoleName(type.toString());
  }

  /** Empty for a delegated role. */
  public Optional<RoleType> topLevel() {
    return RoleType.find(text);
  }

  /** Delegated roles have the form of targets. */
  RoleType form() {
    return topLevel().orElse(RoleType.TARGETS);
  }

  /** Without version; a plain file name whatever the role's name holds. */
  String fileName() {
    return DelegatedRole.fileName(text);
  }

  /** How a snapshot names it. */
  String metaName() {
    return text + ".json";
  }

  @Override
  public String toString() {
    return text;
  }
}
