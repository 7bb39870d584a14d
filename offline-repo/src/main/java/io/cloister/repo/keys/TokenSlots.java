package io.cloister.repo.keys;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which tokens a PKCS#11 module holds. The JDK's provider takes a slot's number only, and that
 * changes when a token is plugged in elsewhere; people know labels. Calls four functions of PKCS#11
 * 2.40 (§5.4, §5.5) by their places in {@code CK_FUNCTION_LIST}.
 */
@SuppressWarnings("restricted") // The module is named by the vendor, who runs its code anyway.
final class TokenSlots {
  private static final int INITIALIZE = 0;
  private static final int GET_SLOT_LIST = 4;
  private static final int GET_TOKEN_INFO = 6;
  private static final long OK = 0;
  private static final long ALREADY_INITIALIZED = 0x191;
  private static final int SLOTS_MAX = 256;

  /** CK_TOKEN_INFO: four texts, padded with blanks, then numbers; 160 bytes on 64-bit Linux. */
  private static final long TOKEN_INFO_BYTES = 256;

  private static final AddressLayout FUNCTION_LIST =
      ValueLayout.ADDRESS.withTargetLayout(MemoryLayout.sequenceLayout(128, ValueLayout.JAVA_LONG));

  private final Linker linker = Linker.nativeLinker();
  private final MemorySegment functions;

  private TokenSlots(MemorySegment functions) {
    this.functions = functions;
  }

  /**
   * The tokens that are there, by the number of their slot; the attributes are named as in RFC
   * 7512. Throws IllegalArgumentException with the reason.
   */
  static Map<Long, Map<String, String>> list(Path module) {
    try (Arena arena = Arena.ofConfined()) {
      // The library stays loaded: the provider uses it next, and it must keep its state.
      SymbolLookup library = SymbolLookup.libraryLookup(module, Arena.global());
      MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
      MethodHandle open =
          Linker.nativeLinker()
              .downcallHandle(
                  library.findOrThrow("C_GetFunctionList"),
                  FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));
      check("C_GetFunctionList", (long) open.invokeExact(out));
      return new TokenSlots(out.get(FUNCTION_LIST, 0)).list(arena);
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new IllegalArgumentException("%s: %s".formatted(module, e.getMessage()), e);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a native function throws nothing", e);
    }
  }

  private Map<Long, Map<String, String>> list(Arena arena) throws Throwable {
    MethodHandle initialize = function(INITIALIZE, ValueLayout.ADDRESS);
    long started = (long) initialize.invokeExact(MemorySegment.NULL);
    check("C_Initialize", started == ALREADY_INITIALIZED ? OK : started);
    MethodHandle slots =
        function(GET_SLOT_LIST, ValueLayout.JAVA_BYTE, ValueLayout.ADDRESS, ValueLayout.ADDRESS);
    MemorySegment list = arena.allocate(ValueLayout.JAVA_LONG, SLOTS_MAX);
    MemorySegment count = arena.allocateFrom(ValueLayout.JAVA_LONG, SLOTS_MAX);
    check("C_GetSlotList", (long) slots.invokeExact((byte) 1, list, count));
    Map<Long, Map<String, String>> tokens = new LinkedHashMap<>();
    for (int i = 0; i < count.get(ValueLayout.JAVA_LONG, 0); i++) {
      long slot = list.getAtIndex(ValueLayout.JAVA_LONG, i);
      tokens.put(slot, token(slot, arena));
    }
    return tokens;
  }

  private Map<String, String> token(long slot, Arena arena) throws Throwable {
    MethodHandle info = function(GET_TOKEN_INFO, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS);
    MemorySegment token = arena.allocate(TOKEN_INFO_BYTES);
    check("C_GetTokenInfo", (long) info.invokeExact(slot, token));
    Map<String, String> attributes = new HashMap<>();
    attributes.put("token", text(token, 0, 32));
    attributes.put("manufacturer", text(token, 32, 32));
    attributes.put("model", text(token, 64, 16));
    attributes.put("serial", text(token, 80, 16));
    return attributes;
  }

  private static String text(MemorySegment token, long offset, long bytes) {
    byte[] padded = token.asSlice(offset, bytes).toArray(ValueLayout.JAVA_BYTE);
    return new String(padded, StandardCharsets.UTF_8).stripTrailing();
  }

  /** After the list's version, which takes one word, come its functions. */
  private MethodHandle function(int index, MemoryLayout... arguments) {
    return linker.downcallHandle(
        functions.getAtIndex(ValueLayout.ADDRESS, index + 1L),
        FunctionDescriptor.of(ValueLayout.JAVA_LONG, arguments));
  }

  private static void check(String function, long result) {
    if (result != OK) {
      throw new IllegalStateException("%s answered 0x%x".formatted(function, result));
    }
  }
}
