package io.cloister.installer.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the commands that take a medium have in common. */
final class Media {
  private static final int KEY_CHARACTERS = 12;

  private Media() {}

  /** Picocli fills required parameters before it calls a command. */
  static Path folder(@Nullable Path given) {
    return Objects.requireNonNull(given).toAbsolutePath().normalize();
  }

  static Cloister parent(@Nullable Cloister cloister) {
    return Objects.requireNonNull(cloister);
  }

  /** Key ids, each short enough for a table and long enough to compare with a letter. */
  static String keys(List<String> ids) {
    return String.join(
        " ",
        ids.stream().map(id -> id.substring(0, Math.min(KEY_CHARACTERS, id.length()))).toList());
  }
}
