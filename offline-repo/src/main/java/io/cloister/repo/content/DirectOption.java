package io.cloister.repo.content;

import java.nio.file.OpenOption;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code O_DIRECT} (open(2)): past the page cache. Not every file system takes it. */
public final class DirectOption {
  private static final Optional<OpenOption> DIRECT = search();

  private DirectOption() {}

  /** Empty where this Java has none. */
  public static Optional<OpenOption> find() {
    return DIRECT;
  }

  /** It is of jdk.unsupported: javac warns of whoever names it. */
  private static Optional<OpenOption> search() {
    try {
      Object[] options = Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants();
      return Stream.of(options)
          .map(OpenOption.class::cast)
          .filter(option -> option.toString().equals("DIRECT"))
          .findFirst();
    } catch (ClassNotFoundException e) {
      return Optional.empty();
    }
  }
}
