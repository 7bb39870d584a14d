package io.cloister.repo.testing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** A tar as an attacker makes it: every byte can be chosen. */
public final class RawTar {
  private static final int BLOCK = 512;

  /** A header and what follows it, as they stand in the file. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  public record Part(byte[] header, byte[] content) {
    public String name() {
      return new String(header, 0, 100, StandardCharsets.ISO_8859_1).split("\0", 2)[0];
    }

    /** The same with some bytes of the header changed, and its checksum right again. */
    public Part with(Consumer<byte[]> change) {
      byte[] changed = header.clone();
      change.accept(changed);
      return new Part(sum(changed), content);
    }

    public Part named(String name) {
      return with(
          block -> {
            Arrays.fill(block, 0, 100, (byte) 0);
            Arrays.fill(block, 345, 500, (byte) 0);
            put(block, 0, name);
          });
    }

    public Part typed(char type) {
      return with(block -> block[156] = (byte) type);
    }
  }

  private RawTar() {}

  public static Part part(String name, char type, byte[] content) {
    byte[] block = new byte[BLOCK];
    put(block, 0, name);
    put(block, 100, "0000644\0" + "0000000\0" + "0000000\0");
    put(block, 124, "%011o\0%011o\0".formatted(content.length, 0));
    block[156] = (byte) type;
    put(block, 257, "ustar\00000");
    return new Part(sum(block), content);
  }

  public static Part text(String name, String content) {
    return part(name, '0', content.getBytes(StandardCharsets.ISO_8859_1));
  }

  public static Part pax(String records) {
    return part("pax", 'x', records.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** One pax record. */
  public static String record(String key, String value) {
    int rest = key.length() + value.length() + 3;
    int length = rest + Integer.toString(rest + 2).length();
    return length + " " + key + "=" + value + "\n";
  }

  public static void put(byte[] block, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(bytes, 0, block, at, bytes.length);
  }

  private static byte[] sum(byte[] block) {
    put(block, 148, "        ");
    int sum = 0;
    for (byte b : block) {
      sum += b & 0xFF;
    }
    put(block, 148, "%06o\0 ".formatted(sum));
    return block;
  }

  /** The parts and the end. */
  public static byte[] bytes(List<Part> parts) {
    var out = new ByteArrayOutputStream();
    for (Part part : parts) {
      out.writeBytes(part.header());
      out.writeBytes(part.content());
      out.writeBytes(new byte[-part.content().length & (BLOCK - 1)]);
    }
    out.writeBytes(new byte[2 * BLOCK]);
    return out.toByteArray();
  }

  /** What a good bundle consists of, its end aside. */
  public static List<Part> parts(byte[] tar) {
    List<Part> parts = new ArrayList<>();
    int at = 0;
    while (tar[at] != 0) {
      byte[] header = Arrays.copyOfRange(tar, at, at + BLOCK);
      int length = Integer.parseInt(new String(header, 124, 11, StandardCharsets.US_ASCII), 8);
      parts.add(new Part(header, Arrays.copyOfRange(tar, at + BLOCK, at + BLOCK + length)));
      at += BLOCK + length + (-length & (BLOCK - 1));
    }
    return parts;
  }

  public static ByteArrayInputStream stream(List<Part> parts) {
    return new ByteArrayInputStream(bytes(parts));
  }
}
