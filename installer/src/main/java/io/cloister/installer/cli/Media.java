package io.cloister.installer.cli;

import io.cloister.repo.RefusedException;
import io.cloister.repo.media.Medium;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the commands that take a medium have in common. */
final class Media {
  private static final int KEY_CHARACTERS = 12;

  private Media() {}

  /** What is typed for a bundle that comes through a pipe. */
  private static final Path PIPE = Path.of("-");

  /** Picocli fills required parameters before it calls a command. */
  static Path path(@Nullable Path given) {
    Path path = Objects.requireNonNull(given);
    return path.equals(PIPE) ? path : path.toAbsolutePath().normalize();
  }

  /** Reads as far as the metadata. */
  static Medium open(Session session, Path path) throws RefusedException {
    return path.equals(PIPE) ? Medium.pipe(session.edge().surroundings().in()) : Medium.open(path);
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
