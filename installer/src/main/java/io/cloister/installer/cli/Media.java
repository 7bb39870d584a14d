package io.cloister.installer.cli;

import io.cloister.repo.Refusal;
import io.cloister.repo.RefusalWords;
import io.cloister.repo.RefusedCommand;
import io.cloister.repo.RefusedException;
import io.cloister.repo.media.Medium;
import io.cloister.repo.media.VolumePrompt;
import io.cloister.repo.media.VolumePrompt.Question;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the commands that take a medium have in common. */
final class Media {
  private static final int KEY_CHARACTERS = 12;

  private Media() {}

  /** What is typed for a bundle that comes through a pipe. */
  private static final Path PIPE = Path.of("-");

  /** As typed; picocli makes sure that there is one. */
  static List<Path> paths(List<Path> given) {
    return given.stream()
        .map(path -> path.equals(PIPE) ? path : path.toAbsolutePath().normalize())
        .toList();
  }

  /** For messages. */
  static String words(List<Path> paths) {
    return String.join(" ", paths.stream().map(Path::toString).toList());
  }

  /** Reads as far as the metadata. */
  static Medium open(Session session, List<Path> paths) throws RefusedException {
    VolumePrompt prompt = question -> ask(session, question);
    return paths.equals(List.of(PIPE))
        ? Medium.pipe(session.edge().surroundings().in(), prompt)
        : Medium.open(paths, prompt);
  }

  /** Enter alone means that the next disc is where the last one was. */
  private static Optional<Path> ask(Session session, Question question) {
    String volumes = String.join(" or ", question.volumes().stream().map(String::valueOf).toList());
    String fault =
        question.again()
            ? "that volume has been read; "
            : question.fault().map(refusal -> summary(session, refusal) + "; ").orElse("");
    return session
        .console()
        .ask(
            "%sput in volume %s of %d and press Enter (%s), or type where it is:"
                .formatted(fault, volumes, question.count(), question.last()))
        .map(answer -> answer.isBlank() ? question.last() : Path.of(answer.strip()));
  }

  private static String summary(Session session, Refusal refusal) {
    return RefusalWords.problem(refusal, new RefusedCommand("", session.typed(), "")).summary();
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
