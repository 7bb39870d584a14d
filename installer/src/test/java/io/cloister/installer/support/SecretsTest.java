package io.cloister.installer.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.installer.support.Secrets.Look;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
  /** A text that counts how often a pattern looks at it. */
  private record Watched(String text, AtomicLong looks) implements CharSequence {
    @Override
    public char charAt(int index) {
      looks.incrementAndGet();
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }

  private static long cost(Look look, String text) {
    AtomicLong looks = new AtomicLong();
    var _ = look.pattern().matcher(new Watched(text, looks)).replaceAll("");
    return looks.get();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "token",
        "token ",
        "token.\"",
        "is token is",
        "eyJ",
        "eyJa.",
        "a",
        "ab:",
        "bearer ",
        "://a",
        "-----BEGIN A-----",
        "-----END A",
        "authorization",
        "{[\"'",
        " ",
        ".",
        "-"
      })
  void aTextTwiceAsLongTakesAtMostAboutFourTimesAsLong(String piece) {
    for (Look look : Secrets.looks) {
      long once = cost(look, piece.repeat(200));
      assertThat(cost(look, piece.repeat(400))).as(look.kind()).isLessThan(5 * once + 1_000);
    }
  }
}
