package io.cloister.repo.content;

import java.util.regex.Pattern;

/**
 * Names one immutable package.
 *
 * @param name of a model, or the platform of a runtime, e.g. {@code linux-x64}
 */
public record PackageId(Kind kind, String name, Version version) implements Comparable<PackageId> {
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9](?:[a-z0-9_-]|\\.(?=[a-z0-9])){0,63}");

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

  /** Written out: the JDK's comparators are made anew in every start of the command. */
  @Override
  public int compareTo(PackageId other) {
    int byKind = kind.compareTo(other.kind);
    int byName = byKind == 0 ? name.compareTo(other.name) : byKind;
    return byName == 0 ? version.compareTo(other.version) : byName;
  }

  /** E.g. {@code model-digits-1.0.0}. */
  @Override
  public String toString() {
    return kind + "-" + name + "-" + version;
  }
}
