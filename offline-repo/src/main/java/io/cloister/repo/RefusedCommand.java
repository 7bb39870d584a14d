package io.cloister.repo;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The command that met a refusal, as far as advice needs it.
 *
 * @param medium where the operator finds it, e.g. {@code /media/usb0}
 * @param again the whole command as it was given, ready for a POSIX shell; see {@link #shell}
 * @param state what is true of the machine now
 */
public record RefusedCommand(String medium, String again, String state) {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  /** Words as a POSIX shell reads them back: what is not plain is put in single quotes. */
  public static String shell(List<String> words) {
    return String.join(" ", words.stream().map(RefusedCommand::quoted).toList());
  }

  private static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /** For the remedies that end with trying again. */
  String then(String remedy) {
    return remedy + ", then run: " + again;
  }
}
