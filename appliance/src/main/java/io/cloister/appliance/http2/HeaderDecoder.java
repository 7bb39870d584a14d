package io.cloister.appliance.http2;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Header compression as it is received (RFC 7541). What a block unfolds to is bounded, however
 * short it is; since every block changes the table, one that is not understood ends the connection.
 */
final class HeaderDecoder {
  /** The size that a peer may assume before it was told another one (RFC 9113 §6.5.2). */
  private static final int TABLE_BYTES_MAX = 4096;

  /** Of all fields of a block, told to the peer as SETTINGS_MAX_HEADER_LIST_SIZE. */
  static final int LIST_BYTES_MAX = 16 << 10;

  private final List<Field> table = new ArrayList<>();
  private int tableBytes;
  private int tableBytesMax = TABLE_BYTES_MAX;

  private byte[] block = {};
  private int at;

  /** The fields of one block, in order. */
  List<Field> decode(byte[] headerBlock) throws ConnectionFault {
    block = headerBlock;
    at = 0;
    List<Field> fields = new ArrayList<>();
    int listBytes = 0;
    while (at < block.length) {
      int first = block[at] & 0xFF;
      if ((first & 0xE0) == 0x20) {
        resize(fields.isEmpty());
        continue;
      }
      Field field = (first & 0x80) != 0 ? find(integer(7)) : literal(first);
      listBytes += field.size();
      if (listBytes > LIST_BYTES_MAX) {
        throw new ConnectionFault(
            ErrorCode.ENHANCE_YOUR_CALM, "header fields of more than " + LIST_BYTES_MAX + " bytes");
      }
      fields.add(field);
    }
    return fields;
  }

  /** §4.2: only at the start of a block. */
  private void resize(boolean start) throws ConnectionFault {
    int bytes = integer(5);
    if (!start || bytes > TABLE_BYTES_MAX) {
      throw fault("a table of %d bytes".formatted(bytes));
    }
    tableBytesMax = bytes;
    shrinkTo(tableBytesMax);
  }

  /** §6.2: with or without a place in the table. */
  private Field literal(int first) throws ConnectionFault {
    boolean indexed = (first & 0x40) != 0;
    int number = integer(indexed ? 6 : 4);
    String name = number == 0 ? text() : find(number).name();
    Field field = new Field(name, text());
    if (indexed) {
      shrinkTo(tableBytesMax - field.size());
      if (field.size() <= tableBytesMax) {
        table.addFirst(field);
        tableBytes += field.size();
      }
    }
    return field;
  }

  private void shrinkTo(int bytes) {
    while (tableBytes > Math.max(0, bytes)) {
      tableBytes -= table.removeLast().size();
    }
  }

  private Field find(int number) throws ConnectionFault {
    int known = StaticTable.FIELDS.size();
    if (number == 0 || number > known + table.size()) {
      throw fault("no field has the number " + number);
    }
    return number <= known ? StaticTable.FIELDS.get(number - 1) : table.get(number - known - 1);
  }

  /** §5.1; none that is needed here has more than three bytes after the first. */
  private int integer(int prefixBits) throws ConnectionFault {
    int most = (1 << prefixBits) - 1;
    int value = next() & most;
    if (value < most) {
      return value;
    }
    for (int shift = 0; shift <= 14; shift += 7) {
      int more = next();
      value += (more & 0x7F) << shift;
      if ((more & 0x80) == 0) {
        return value;
      }
    }
    throw fault("a number is too large");
  }

  private String text() throws ConnectionFault {
    boolean huffman = at < block.length && (block[at] & 0x80) != 0;
    int length = integer(7);
    if (length > block.length - at) {
      throw fault("a text is longer than its block");
    }
    int from = at;
    at += length;
    if (!huffman) {
      return new String(block, from, length, StandardCharsets.ISO_8859_1);
    }
    StringBuilder text = new StringBuilder();
    Huffman.decode(block, from, at, LIST_BYTES_MAX, text);
    return text.toString();
  }

  private int next() throws ConnectionFault {
    if (at == block.length) {
      throw fault("a block ends within a field");
    }
    return block[at++] & 0xFF;
  }

  private static ConnectionFault fault(String what) {
    return new ConnectionFault(ErrorCode.COMPRESSION_ERROR, "header compression: " + what);
  }
}
