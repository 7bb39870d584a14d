package io.cloister.bundle.assemble;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/**
 * What an ELF file needs from other libraries: their names, from its section {@code .dynamic}
 * (System V ABI, chapter 5), and the symbol versions, from {@code .gnu.version_r} (Linux Standard
 * Base Core 5.0, §10.7). 64-bit little-endian files only.
 */
public final class Elf {
  private static final int MAGIC = 0x464C457F;
  private static final int CLASS_64 = 2;
  private static final int SECTION_TYPE_DYNAMIC = 6;
  private static final int SECTION_TYPE_VERNEED = 0x6FFFFFFE;
  private static final int TAG_NEEDED = 1;
  private static final int TAG_SONAME = 14;
  private static final int DYNAMIC_ENTRY_BYTES = 16;

  private final ByteBuffer file;

  private Elf(ByteBuffer file) {
    this.file = file;
  }

  /** Whether a file starts as an ELF file does. */
  public static boolean isElf(Path path) throws IOException {
    try (var in = Files.newInputStream(path)) {
      byte[] start = in.readNBytes(4);
      return start.length == 4 && littleEndian(start).getInt(0) == MAGIC;
    }
  }

  /**
   * The needed versions, e.g. {@code GLIBC_2.17} and {@code GLIBCXX_3.4.22}.
   *
   * @throws IOException also when the file is no 64-bit ELF file
   */
  public static Set<String> neededVersions(Path path) throws IOException {
    return read(path, SECTION_TYPE_VERNEED, Elf::versions);
  }

  /** The needed libraries, e.g. {@code libc.so.6}; errors as above. */
  public static Set<String> neededLibraries(Path path) throws IOException {
    return read(
        path,
        SECTION_TYPE_DYNAMIC,
        (elf, at, names, found) -> elf.dynamic(at, names, TAG_NEEDED, found));
  }

  /** The name under which other libraries need this one, at most one; errors as above. */
  public static Set<String> soname(Path path) throws IOException {
    return read(
        path,
        SECTION_TYPE_DYNAMIC,
        (elf, at, names, found) -> elf.dynamic(at, names, TAG_SONAME, found));
  }

  private interface SectionReader {
    void read(Elf elf, int section, int names, Set<String> found);
  }

  private static Set<String> read(Path path, int sectionType, SectionReader reader)
      throws IOException {
    ByteBuffer bytes = littleEndian(Files.readAllBytes(path));
    if (bytes.limit() < 64 || bytes.getInt(0) != MAGIC || bytes.get(4) != CLASS_64) {
      throw new IOException(path + " is no 64-bit ELF file");
    }
    try {
      return new Elf(bytes).sections(sectionType, reader);
    } catch (IndexOutOfBoundsException | ArithmeticException e) {
      throw new IOException(path + " is a damaged ELF file", e);
    }
  }

  private Set<String> sections(int type, SectionReader reader) {
    int sections = Math.toIntExact(file.getLong(40));
    int sectionBytes = file.getShort(58);
    int count = file.getShort(60);
    Set<String> found = new TreeSet<>();
    for (int i = 0; i < count; i++) {
      int section = sections + i * sectionBytes;
      if (file.getInt(section + 4) == type) {
        int names = sections + file.getInt(section + 40) * sectionBytes;
        reader.read(this, section, offset(names), found);
      }
    }
    return found;
  }

  private void dynamic(int section, int names, int tag, Set<String> found) {
    long count = file.getLong(section + 32) / DYNAMIC_ENTRY_BYTES;
    for (int i = 0; i < count; i++) {
      int entry = offset(section) + i * DYNAMIC_ENTRY_BYTES;
      if (file.getLong(entry) == tag) {
        found.add(text(names + Math.toIntExact(file.getLong(entry + 8))));
      }
    }
  }

  /** One Verneed entry per library, each with a chain of Vernaux entries, one per version. */
  private void versions(int section, int names, Set<String> versions) {
    int library = offset(section);
    int count = file.getInt(section + 44);
    for (int i = 0; i < count; i++) {
      int version = library + file.getInt(library + 8);
      for (int j = 0; j < file.getShort(library + 2); j++) {
        versions.add(text(names + file.getInt(version + 8)));
        version += file.getInt(version + 12);
      }
      library += file.getInt(library + 12);
    }
  }

  private int offset(int section) {
    return Math.toIntExact(file.getLong(section + 24));
  }

  private String text(int start) {
    int end = start;
    while (file.get(end) != 0) {
      end++;
    }
    byte[] name = new byte[end - start];
    file.get(start, name);
    return new String(name, StandardCharsets.US_ASCII);
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
