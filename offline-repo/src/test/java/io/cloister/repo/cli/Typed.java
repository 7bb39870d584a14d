package io.cloister.repo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;

/** What a vendor types, in one folder at one time. */
final class Typed {
  private final Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Deque<String> passphrases = new ArrayDeque<>();
  private Instant now;

  Typed(Path folder, Instant now) {
    this.folder = folder;
    this.now = now;
  }

  void at(Instant time) {
    now = time;
  }

  /** What the person answers when asked next. */
  void answer(String passphrase) {
    passphrases.add(passphrase);
  }

  /** Words are separated by spaces; {@code @} stands for the folder. */
  int run(String line) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return CloisterRepo.commandLine(
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            Map.of(),
            Clock.fixed(now, ZoneOffset.UTC),
            _ -> Optional.ofNullable(passphrases.poll()).map(String::toCharArray))
        .execute(line.replace("@", folder.toString()).split(" ", -1));
  }

  /** What the last line printed, whatever came of it. */
  String printed() {
    return out.toString();
  }

  /** Must succeed; what it prints. */
  String type(String line) {
    assertThat(run(line)).as("%s%n%s", line, err).isZero();
    return out.toString();
  }

  /** Must be refused with exit code 2 and this code. */
  String refused(String line, String code) {
    return refused(line, 2, code);
  }

  /** Likewise, with that exit code. */
  String refused(String line, int exit, String code) {
    assertThat(run(line)).as("%s%n%s", line, out).isEqualTo(exit);
    assertThat(err.toString()).contains("[" + code + "]");
    return err.toString();
  }
}
