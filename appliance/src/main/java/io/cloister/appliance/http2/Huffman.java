package io.cloister.appliance.http2;

/**
 * Decodes texts of header fields (RFC 7541 §5.2). The code is canonical, so that the lengths of its
 * codes say all of it (Appendix B).
 */
final class Huffman {
  private static final int LENGTH_MIN = 5;
  private static final int LENGTH_MAX = 30;
  private static final int END = 256;

  /** Bits of the code of each symbol, from 'A' for 5 on; the last is the end of a text. */
  private static final String LENGTHS =
      "ISXXXXXXXTZXXZXXXXXXXXZXXXXXXXXXBFFHIBDGFFDGDBBBAAABBBBBBBCDKBHF"
          + "IBCCCCCCCCCCCCCCCCCCCCCCDCDIOIJBKABABABBBACCBBBABCBAABCCCCCKGJIX"
          + "PRPPRRRSRSSSSSTSTTRSTSSSSQRSRSSTRQPRRSSQSRRTQRSSQQRQSRSSPRRRSRRS"
          + "VVPORSRUVVVWWVTUOQVWWVWTQQVVXWWWPTPQRQQSRRUUTTVSVWVVWWWWWXWWWWWVZ";

  /** By length: the first code, how many there are, and where their symbols begin. */
  private static final int[] FIRST = new int[LENGTH_MAX + 1];

  private static final int[] COUNT = new int[LENGTH_MAX + 1];
  private static final int[] START = new int[LENGTH_MAX + 1];
  private static final int[] SYMBOLS = new int[LENGTHS.length()];

  static {
    int next = 0;
    int code = 0;
    for (int length = LENGTH_MIN; length <= LENGTH_MAX; length++) {
      FIRST[length] = code;
      START[length] = next;
      for (int symbol = 0; symbol < LENGTHS.length(); symbol++) {
        if (LENGTHS.charAt(symbol) - 'A' + LENGTH_MIN == length) {
          SYMBOLS[next++] = symbol;
          COUNT[length]++;
        }
      }
      code = (code + COUNT[length]) << 1;
    }
  }

  private Huffman() {}

  /**
   * Appends the text.
   *
   * @param most characters of it
   */
  static void decode(byte[] bytes, int from, int to, int most, StringBuilder text)
      throws ConnectionFault {
    int code = 0;
    int length = 0;
    for (int i = from; i < to; i++) {
      for (int bit = Byte.SIZE - 1; bit >= 0; bit--) {
        code = code << 1 | (bytes[i] >> bit & 1);
        length++;
        if (length > LENGTH_MAX) {
          throw fault("is no code");
        }
        int place = code - FIRST[length];
        if (place >= 0 && place < COUNT[length]) {
          add(SYMBOLS[START[length] + place], most, text);
          code = 0;
          length = 0;
        }
      }
    }
    // What is left is padding: less than a byte, all ones.
    if (length >= Byte.SIZE || code != (1 << length) - 1) {
      throw fault("is padded wrongly");
    }
  }

  private static void add(int symbol, int most, StringBuilder text) throws ConnectionFault {
    if (symbol == END || text.length() == most) {
      throw fault(symbol == END ? "ends within" : "is too long");
    }
    text.append((char) symbol);
  }

  private static ConnectionFault fault(String what) {
    return new ConnectionFault(ErrorCode.COMPRESSION_ERROR, "a Huffman-coded text " + what);
  }
}
