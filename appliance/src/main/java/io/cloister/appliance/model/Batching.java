package io.cloister.appliance.model;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a package says of rows that are asked together, along the first dimension. */
public enum Batching {
  /** A row's answer is the same in any company. */
  INDEPENDENT,
  /** A row's answer depends on what else is in the batch, e.g. of a dynamically quantised graph. */
  DEPENDENT,
  /** The first dimension does not count rows. */
  NEVER;

  /** As it is spelled in model.yaml and in JSON. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Batching> find(String text) {
    return Stream.of(values()).filter(each -> each.text().equals(text)).findFirst();
  }
}
