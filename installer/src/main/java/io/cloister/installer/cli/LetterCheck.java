package io.cloister.installer.cli;

import io.cloister.repo.MediaRefusal.Where;
import io.cloister.repo.RefusedException;
import io.cloister.repo.TrustRefusal.WrongRootDigest;
import io.cloister.repo.client.Anchor;
import io.cloister.repo.media.Medium;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.metadata.Sha256;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Compares what a person types from the vendor's letter with the medium's first root. The medium's
 * digits are not shown before the first ones were typed, so that they cannot be copied from the
 * screen. Sixteen of them are 64 bits; the rest is compared by eye.
 */
record LetterCheck(String file, Sha256 offered) {
  static final int DIGITS_MIN = 16;
  static final int TRIES_MAX = 3;
  private static final int DIGITS = 64;
  private static final int GROUP = 4;
  private static final Pattern HEX = Pattern.compile("[0-9a-f]*");

  /** What was typed is... */
  sealed interface Verdict {}

  /** ... the whole digest of the medium. */
  record Whole(Anchor anchor) implements Verdict {}

  /** ... its beginning. */
  record Begun(String typed) implements Verdict {}

  /** ... not its beginning. */
  record Other(String typed) implements Verdict {}

  /** ... nothing to compare, for this reason. */
  record Unusable(String words) implements Verdict {}

  static LetterCheck of(Medium medium) throws RefusedException {
    String file = "metadata/1.root.json";
    byte[] root = medium.read(Where.of(file), RoleType.ROOT.bytesMax());
    return new LetterCheck(file, Sha256.of(root));
  }

  String hex() {
    return offered.hex();
  }

  Anchor anchor() {
    return new Anchor.RootDigest(offered);
  }

  Verdict judge(String answer) {
    String typed =
        answer.toLowerCase(Locale.ROOT).replaceFirst("^\\s*sha-?256:", "").replaceAll("\\s", "");
    if (!HEX.matcher(typed).matches()) {
      return new Unusable("Only 0 to 9 and a to f are digits of it.");
    }
    if (typed.length() > DIGITS) {
      return new Unusable("Those are %d digits; it has %d.".formatted(typed.length(), DIGITS));
    }
    if (typed.length() < DIGITS_MIN) {
      return new Unusable(
          "Those are %d digits; at least %d are needed.".formatted(typed.length(), DIGITS_MIN));
    }
    if (!hex().startsWith(typed)) {
      return new Other(typed);
    }
    return typed.length() == DIGITS ? new Whole(anchor()) : new Begun(typed);
  }

  RefusedException refuse(String typed) {
    return new RefusedException(new WrongRootDigest(file, typed, hex()));
  }

  /** Four and four, as letters print them. */
  static String groups(String hex) {
    return hex.replaceAll("(.{%d})(?=.)".formatted(GROUP), "$1 ");
  }
}
