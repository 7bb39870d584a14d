package io.cloister.repo.media;

import io.cloister.repo.MediaRefusal.BadBundle;
import io.cloister.repo.MediaRefusal.NotABundle;
import io.cloister.repo.MediaRefusal.Where;
import io.cloister.repo.RefusedException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads a bundle from start to end, once. A strict subset of tar: plain files and folders whose
 * names are those of a medium, in the order of {@link BundleSection}, each at most once; nothing
 * after the end. What is not in it is refused, never interpreted.
 */
final class TarReader {
  /** So that neither names nor empty folders come without end. */
  static final int HEADERS_MAX = 1_000_000;

  /** Two, and what GNU tar adds to fill a record of 20 blocks. */
  private static final int END_BLOCKS_MAX = 21;

  private final String bundle;
  private final InputStream in;
  private final byte[] block = new byte[TarHeader.BLOCK_BYTES];
  private final MemberNames names = new MemberNames();
  private int headers;
  private long topBytes;
  private long offset;
  private long memberAt;
  private Optional<Member> member = Optional.empty();
  private long left;
  private BundleSection section = BundleSection.METADATA;

  /** A plain file. */
  record Member(String name, long length, BundleSection section) {}

  /**
   * Reads a stream.
   *
   * @param bundle where it comes from, for refusals
   */
  TarReader(String bundle, InputStream in) {
    this.bundle = bundle;
    this.in = in;
  }

  /** The next plain file, when what came before was read to its end or is to be passed over. */
  Optional<Member> next() throws RefusedException {
    closeMember();
    Optional<PaxRecords> extended = Optional.empty();
    while (true) {
      memberAt = offset;
      Optional<TarHeader> found = header();
      if (found.isEmpty()) {
        checkEnd(extended);
        return Optional.empty();
      }
      TarHeader header = found.get();
      if (header.type() == TarHeader.Type.EXTENDED) {
        extended = Optional.of(extended(header, extended));
        continue;
      }
      Optional<Member> next = member(header, extended);
      if (next.isPresent()) {
        member = next;
        left = next.get().length();
        return next;
      }
      extended = Optional.empty();
    }
  }

  /** As many bytes as fit, fewer only at the end of the member; 0 at the end. */
  int read(byte[] buffer) throws RefusedException {
    int count = (int) Math.min(buffer.length, left);
    fill(buffer, count);
    left -= count;
    return count;
  }

  /** The rest of the member. */
  byte[] readRest() throws RefusedException {
    byte[] bytes = new byte[Math.toIntExact(left)];
    read(bytes);
    return bytes;
  }

  /** How much was read: where the content of the member in hand goes on. */
  long offset() {
    return offset;
  }

  /** A blob that is of no package of the medium. */
  static RefusedException stranger(String bundle, String member, long offset) {
    return new RefusedException(
        new BadBundle(bundle, member, offset, "a blob that no manifest names"));
  }

  /** A fault of the member in hand. */
  RefusedException refused(String fault) {
    String name = member.map(Member::name).orElse("");
    return new RefusedException(new BadBundle(bundle, name, memberAt, fault));
  }

  private Optional<TarHeader> header() throws RefusedException {
    if (headers == 0) {
      readFirst();
    } else {
      fill(block, block.length);
    }
    headers++;
    if (headers > HEADERS_MAX) {
      throw refused("more than %d headers".formatted(HEADERS_MAX));
    }
    try {
      return TarHeader.parse(block);
    } catch (IllegalArgumentException e) {
      throw refused(String.valueOf(e.getMessage()));
    }
  }

  /** Any file may be taken for a bundle, until it does not begin as one. */
  private void readFirst() throws RefusedException {
    int count = readSome();
    if (count == block.length && (TarHeader.hasMagic(block) || TarHeader.isZero(block, 0, count))) {
      return;
    }
    String found =
        count == block.length
            ? "no header of a ustar archive"
            : "it ends after %d bytes".formatted(count);
    throw new RefusedException(new NotABundle(bundle, found));
  }

  private PaxRecords extended(TarHeader header, Optional<PaxRecords> before)
      throws RefusedException {
    if (before.isPresent() || header.length() > PaxRecords.BYTES_MAX) {
      throw refused(
          before.isPresent() ? "two extended headers" : "an extended header that is too long");
    }
    byte[] records = new byte[(int) header.length()];
    fill(records, records.length);
    pad(header.length());
    try {
      return PaxRecords.parse(records);
    } catch (IllegalArgumentException e) {
      throw refused(String.valueOf(e.getMessage()));
    }
  }

  /** Empty for a folder. */
  private Optional<Member> member(TarHeader header, Optional<PaxRecords> extended)
      throws RefusedException {
    String name = extended.flatMap(PaxRecords::path).orElse(header.name());
    long length =
        extended.map(PaxRecords::size).orElse(OptionalLong.empty()).orElse(header.length());
    member = Optional.of(new Member(name, 0, section));
    try {
      if (header.type() == TarHeader.Type.FOLDER) {
        if (extended.isPresent()) {
          throw new IllegalArgumentException("a folder with an extended header");
        }
        BundleSection.checkFolder(name);
        names.addFolder(name);
        return Optional.empty();
      }
      BundleSection found = BundleSection.of(name, length);
      checkLengths(length, header.length());
      checkNames(name, header.name());
      if (found.compareTo(section) < 0) {
        throw new IllegalArgumentException("out of order: it comes after " + section.words());
      }
      names.addFile(name);
      chargeFor(found, length);
      section = found;
      return Optional.of(new Member(name, length, found));
    } catch (IllegalArgumentException e) {
      throw refused(String.valueOf(e.getMessage()));
    }
  }

  /** Some programs heed the record, some do not: they would unpack different files. */
  private static void checkLengths(long extended, long plain) {
    if (extended != plain) {
      throw new IllegalArgumentException(
          "%d bytes by its extended header, %d by its header".formatted(extended, plain));
    }
  }

  /** Likewise: under two names. */
  private static void checkNames(String extended, String plain) {
    if (!plain.equals(TarHeader.shown(extended))) {
      throw new IllegalArgumentException("its header says the name " + plain);
    }
  }

  private void chargeFor(BundleSection found, long length) {
    topBytes += found == BundleSection.TOP ? length : 0;
    if (topBytes > BundleSection.TOP_BYTES_MAX) {
      throw new IllegalArgumentException(
          "more than %d bytes at the top".formatted(BundleSection.TOP_BYTES_MAX));
    }
  }

  /** Passes over what was not read. */
  private void closeMember() throws RefusedException {
    if (member.isEmpty()) {
      return;
    }
    try {
      in.skipNBytes(left);
      offset += left;
    } catch (EOFException e) {
      throw refused("it ends in the middle of this file");
    } catch (IOException e) {
      throw unreadable(e);
    }
    left = 0;
    pad(member.get().length());
    member = Optional.empty();
  }

  /** What fills the last block must be zero: nothing is hidden there. */
  private void pad(long length) throws RefusedException {
    int count = (int) (-length & (TarHeader.BLOCK_BYTES - 1));
    fill(block, count);
    if (!TarHeader.isZero(block, 0, count)) {
      throw refused("bytes that are not zero between members");
    }
  }

  /** After one block of zeros: another one, perhaps a few more, and nothing else. */
  private void checkEnd(Optional<PaxRecords> extended) throws RefusedException {
    if (extended.isPresent()) {
      throw refused("an extended header without a member");
    }
    fill(block, block.length);
    for (int blocks = 2; ; blocks++) {
      if (!TarHeader.isZero(block, 0, block.length) || blocks > END_BLOCKS_MAX) {
        throw refused("bytes after the end of the archive");
      }
      int count = readSome();
      if (count == 0) {
        return;
      }
      if (count < block.length) {
        throw refused("bytes after the end of the archive");
      }
    }
  }

  private int readSome() throws RefusedException {
    try {
      int count = in.readNBytes(block, 0, block.length);
      offset += count;
      return count;
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private void fill(byte[] buffer, int length) throws RefusedException {
    try {
      int count = in.readNBytes(buffer, 0, length);
      offset += count;
      if (count < length) {
        throw refused("it ends after %d bytes, in the middle".formatted(offset));
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private RefusedException unreadable(IOException fault) {
    String name = member.map(Member::name).orElse(bundle);
    return MediumFile.refused(Where.of(name), offset, fault);
  }
}
