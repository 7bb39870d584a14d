package io.cloister.repo.content;

import java.util.Comparator;
import java.util.regex.Pattern;

/**
 * Names one immutable package.
 *
 * @param name of a model, or the platform of a runtime, e.g. {@code linux-x64}
 */
public record PackageId(Kind kind, String name, Version version) implements Comparable<PackageId> {
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9](?:[a-z0-9_-]|\\.(?=[a-z0-9])){0,63}");
  private static final Comparator<PackageId> ORDER =
      Comparator.comparing(PackageId::kind)
          .thenComparing(PackageId::name)
          .thenComparing(PackageId::version);

  public PackageId {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a package name has 1 to 64 of a-z 0-9 . _ -, starts with a letter or digit,"
              + " and a dot stands before a letter or digit");
    }
  }

  /** The TUF target path, e.g. {@code model-digits-1.0.0.json}. */
  public String targetPath() {
    return this + ".json";
  }

  @Override
  public int compareTo(PackageId other) {
    return ORDER.compare(this, other);
  }

  /** E.g. {@code model-digits-1.0.0}. */
  @Override
  public String toString() {
    return kind + "-" + name + "-" + version;
  }
}
