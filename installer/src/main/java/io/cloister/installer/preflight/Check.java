package io.cloister.installer.preflight;

import io.cloister.installer.HostFinding;
import java.util.Optional;

/**
 * One thing that was looked at.
 *
 * @param name one word or two, stable
 * @param found here
 * @param needed at least
 * @param finding what is wrong; empty when it is {@link State#OK}
 */
public record Check(
    String name, State state, String found, String needed, Optional<HostFinding> finding) {

  /** Whether a command goes on. */
  public enum State {
    OK,
    /** It goes on, and says so. */
    WARNING,
    /** It refuses. */
    UNFIT
  }

  /** Nothing is wrong. */
  public static Check ok(String name, String found, String needed) {
    return new Check(name, State.OK, found, needed, Optional.empty());
  }

  boolean isOk() {
    return state == State.OK;
  }

  static Check warning(String name, String found, String needed, HostFinding finding) {
    return new Check(name, State.WARNING, found, needed, Optional.of(finding));
  }

  static Check unfit(String name, String found, String needed, HostFinding finding) {
    return new Check(name, State.UNFIT, found, needed, Optional.of(finding));
  }
}
