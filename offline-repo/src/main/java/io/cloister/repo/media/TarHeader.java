package io.cloister.repo.media;

import io.cloister.repo.content.FileName;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * One header block of a tar (POSIX.1-2017, pax, "ustar Interchange Format"), or what it may be
 * here: a plain file, a folder, or an extended header. Pure: bytes in, bytes out.
 *
 * @param name as it stands there, a folder's with its last slash
 * @param length of what follows, bytes
 */
record TarHeader(String name, long length, Type type) {
  static final int BLOCK_BYTES = 512;
  static final int NAME_BYTES_MAX = 100;

  private static final int PREFIX_BYTES_MAX = 155;
  private static final int PREFIX_AT = 345;
  private static final int LENGTH_AT = 124;
  private static final int LENGTH_DIGITS = 11;
  private static final int CHECKSUM_AT = 148;
  private static final int CHECKSUM_BYTES = 8;
  private static final int TYPE_AT = 156;
  private static final int LINK_AT = 157;
  private static final int MAGIC_AT = 257;
  private static final byte[] MAGIC = "ustar\00000".getBytes(StandardCharsets.US_ASCII);

  /** What is allowed; everything else is refused. */
  enum Type {
    FILE('0'),
    FOLDER('5'),
    /** Says the name or length of the next member. */
    EXTENDED('x');

    private final char flag;

    Type(char flag) {
      this.flag = flag;
    }

    static Type of(char flag) {
      return switch (flag) {
        case '0' -> FILE;
        case '5' -> FOLDER;
        case 'x' -> EXTENDED;
        case '1' -> throw new IllegalArgumentException("a hard link");
        case '2' -> throw new IllegalArgumentException("a symbolic link");
        case '3', '4', '6' -> throw new IllegalArgumentException("a device or pipe");
        case 'S' -> throw new IllegalArgumentException("a sparse file");
        default ->
            throw new IllegalArgumentException("a member of type 0x" + Integer.toHexString(flag));
      };
    }
  }

  /** Whether the block says that it is a header of a ustar archive. */
  static boolean hasMagic(byte[] block) {
    return Arrays.equals(block, MAGIC_AT, MAGIC_AT + MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  /** Empty where the block is all zero. Throws IllegalArgumentException on what is not allowed. */
  static Optional<TarHeader> parse(byte[] block) {
    if (isZero(block, 0, BLOCK_BYTES)) {
      return Optional.empty();
    }
    if (!hasMagic(block)) {
      throw new IllegalArgumentException("not a header of a ustar archive");
    }
    if (octal(block, CHECKSUM_AT, CHECKSUM_BYTES) != checksum(block)) {
      throw new IllegalArgumentException("the header's checksum does not match");
    }
    Type type = Type.of((char) (block[TYPE_AT] & 0xFF));
    if (!text(block, LINK_AT, NAME_BYTES_MAX).isEmpty()) {
      throw new IllegalArgumentException("a plain file with the name of a link");
    }
    String prefix = text(block, PREFIX_AT, PREFIX_BYTES_MAX);
    String name = text(block, 0, NAME_BYTES_MAX);
    long length = octal(block, LENGTH_AT, LENGTH_DIGITS + 1);
    if (type == Type.FOLDER && length != 0) {
      throw new IllegalArgumentException("a folder with content");
    }
    return Optional.of(new TarHeader(prefix.isEmpty() ? name : prefix + "/" + name, length, type));
  }

  static boolean isZero(byte[] bytes, int from, int end) {
    for (int i = from; i < end; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }

  /** Unsigned sum of all bytes, those of the sum itself taken as spaces. */
  private static long checksum(byte[] block) {
    long sum = 0;
    for (int i = 0; i < BLOCK_BYTES; i++) {
      boolean own = i >= CHECKSUM_AT && i < CHECKSUM_AT + CHECKSUM_BYTES;
      sum += own ? ' ' : block[i] & 0xFF;
    }
    return sum;
  }

  /** Octal digits, then spaces or zeros; no sign, no base 256. */
  private static long octal(byte[] block, int at, int bytes) {
    long value = 0;
    int i = at;
    for (; i < at + bytes && block[i] >= '0' && block[i] <= '7'; i++) {
      value = value * 8 + (block[i] - '0');
    }
    boolean closed = i > at;
    for (; i < at + bytes; i++) {
      closed &= block[i] == ' ' || block[i] == 0;
    }
    if (!closed) {
      throw new IllegalArgumentException("a number that is not octal");
    }
    return value;
  }

  /** Up to the first NUL; what comes after it must be NUL too, for nobody else may see a name. */
  private static String text(byte[] block, int at, int bytes) {
    int end = at;
    while (end < at + bytes && block[end] != 0) {
      end++;
    }
    if (!isZero(block, end, at + bytes)) {
      throw new IllegalArgumentException("a name with a NUL in it");
    }
    return new String(block, at, end - at, StandardCharsets.ISO_8859_1);
  }

  /** Whether {@link #encode} can say the name; otherwise an extended header must. */
  static boolean fits(String name) {
    return splitAt(name) >= 0;
  }

  /**
   * What a header says of a file of this name; where it cannot say the name, an extended header has
   * it. A program that does not know extended headers unpacks the file under what is said here.
   */
  static String shown(String name) {
    return fits(name) ? name : name.substring(name.length() - NAME_BYTES_MAX);
  }

  /** Where prefix and name part: 0 where the name fits alone, -1 where neither way fits. */
  private static int splitAt(String name) {
    if (name.length() <= NAME_BYTES_MAX) {
      return 0;
    }
    int slash = name.indexOf('/', name.length() - NAME_BYTES_MAX - 1);
    return slash > PREFIX_BYTES_MAX ? -1 : slash;
  }

  /** The block of a member of mode 0644, owner 0. Names are of {@link FileName}. */
  byte[] encode(long modifiedSeconds) {
    byte[] block = new byte[BLOCK_BYTES];
    int split = Math.max(0, splitAt(name));
    put(block, 0, split == 0 ? name : name.substring(split + 1));
    put(block, 100, "0000644\0" + "0000000\0" + "0000000\0");
    put(block, LENGTH_AT, "%011o\0%011o\0".formatted(length, modifiedSeconds));
    block[TYPE_AT] = (byte) type.flag;
    put(block, MAGIC_AT, new String(MAGIC, StandardCharsets.US_ASCII));
    put(block, 329, "0000000\0" + "0000000\0");
    put(block, PREFIX_AT, name.substring(0, split));
    put(block, CHECKSUM_AT, "%06o\0 ".formatted(checksum(block)));
    return block;
  }

  private static void put(byte[] block, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, block, at, bytes.length);
  }
}
