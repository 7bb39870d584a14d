package io.cloister.repo.content;

import java.util.Arrays;
import java.util.Locale;

/** What a package is for. */
public enum Kind {
  RUNTIME,
  MODEL,
  ADVISORIES,
  COLLECTION_REQUEST;

  /** Throws IllegalArgumentException on an unknown kind. */
  public static Kind parse(String text) {
    return Arrays.stream(values())
        .filter(kind -> kind.toString().equals(text))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("not one of " + Arrays.toString(values())));
  }

  /** As manifests spell it, e.g. {@code collection-request}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
