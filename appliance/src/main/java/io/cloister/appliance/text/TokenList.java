package io.cloister.appliance.text;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A text that is given as its tokens, where texts are BYTES: the byte FF, which begins no UTF-8
 * text, then each token's id in four bytes, little-endian.
 */
public final class TokenList {
  private static final byte MARK = (byte) 0xFF;

  private TokenList() {}

  public static byte[] encode(int[] ids) {
    ByteBuffer bytes = ByteBuffer.allocate(1 + ids.length * Integer.BYTES);
    bytes.order(ByteOrder.LITTLE_ENDIAN).put(MARK);
    for (int id : ids) {
      bytes.putInt(id);
    }
    return bytes.array();
  }

  static boolean is(byte[] text) {
    return text.length > 0 && text[0] == MARK;
  }

  /** Refuses what is cut. */
  static long[] decode(byte[] list) throws TextRefused {
    int count = (list.length - 1) / Integer.BYTES;
    if (count == 0 || list.length != 1 + count * Integer.BYTES) {
      throw new TextRefused("a text is not UTF-8, and no list of tokens");
    }
    ByteBuffer bytes = ByteBuffer.wrap(list).order(ByteOrder.LITTLE_ENDIAN);
    long[] ids = new long[count];
    for (int i = 0; i < count; i++) {
      ids[i] = bytes.getInt(1 + i * Integer.BYTES);
    }
    return ids;
  }
}
