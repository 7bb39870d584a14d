package io.cloister.installer.host;

import java.util.OptionalInt;

/**
 * What keys are made from (random(4)).
 *
 * @param bits the kernel's own estimate, where it is known: 256 is full since Linux 5.18
 * @param ready whether the kernel has gathered enough since it started
 */
public record Randomness(OptionalInt bits, boolean ready) {

  /** From {@code /proc/sys/kernel/random/entropy_avail}. */
  static Randomness parse(String available, boolean ready) {
    return new Randomness(
        available.matches("\\d{1,9}")
            ? OptionalInt.of(Integer.parseInt(available))
            : OptionalInt.empty(),
        ready);
  }
}
