package io.cloister.installer.host;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** What only the C library can be asked. */
@SuppressWarnings("restricted") // The launcher grants native access.
final class LibC {
  private static final int GRND_NONBLOCK = 1;

  private LibC() {}

  /** Empty on another C library than glibc. */
  static Optional<String> findGlibcVersion() {
    return find("gnu_get_libc_version").map(LibC::text);
  }

  /**
   * Whether the kernel has gathered enough to make keys from (getrandom(2)). True where the
   * function is not known.
   */
  static boolean randomnessReady() {
    return find("getrandom").map(LibC::aByte).orElse(true);
  }

  private static Optional<MemorySegment> find(String function) {
    return Linker.nativeLinker().defaultLookup().find(function);
  }

  private static String text(MemorySegment function) {
    try {
      var text =
          (MemorySegment)
              Linker.nativeLinker()
                  .downcallHandle(function, FunctionDescriptor.of(ValueLayout.ADDRESS))
                  .invokeExact();
      return text.reinterpret(32).getString(0);
    } catch (Throwable thrown) {
      throw new IllegalStateException("gnu_get_libc_version could not be called", thrown);
    }
  }

  private static boolean aByte(MemorySegment function) {
    var signature =
        FunctionDescriptor.of(
            ValueLayout.JAVA_LONG,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_INT);
    try (Arena arena = Arena.ofConfined()) {
      long got =
          (long)
              Linker.nativeLinker()
                  .downcallHandle(function, signature)
                  .invokeExact(arena.allocate(1), 1L, GRND_NONBLOCK);
      return got == 1;
    } catch (Throwable thrown) {
      throw new IllegalStateException("getrandom could not be called", thrown);
    }
  }
}
