package io.cloister.installer.stage;

import io.cloister.repo.content.Chunk;
import io.cloister.repo.content.DirectOption;
import io.cloister.repo.content.ManifestFile;
import io.cloister.repo.metadata.Sha256;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;

/** A file that is being filled, chunk by chunk in any order. */
record StagedFile(Path path, ManifestFile file) {
  private static final int PIECE_BYTES = 1 << 20;

  /** For long writes Linux looks for long runs of free memory, which can take ten times as long. */
  private static final int BUFFERED_BYTES = 1 << 17;

  /** Makes it, where it is not there; one that was whole already may be written again. */
  void create() throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectories(path.resolveSibling("").normalize());
      Files.createFile(path);
    } else if (!Files.isWritable(path)) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));
    }
  }

  /** The chunks that an earlier run brought: each is hashed. */
  Set<Chunk> present() throws IOException {
    Set<Chunk> present = new HashSet<>();
    try (FileChannel channel = open(StandardOpenOption.READ)) {
      for (Chunk chunk : file.chunks()) {
        if (chunk.offset() + chunk.length() <= channel.size()) {
          ByteBuffer bytes = ByteBuffer.allocate(chunk.length());
          read(channel, bytes, chunk.offset());
          if (Sha256.of(bytes.array()).equals(chunk.sha256())) {
            present.add(chunk);
          }
        }
      }
    }
    return present;
  }

  private static void read(FileChannel channel, ByteBuffer bytes, long offset) throws IOException {
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, offset + bytes.position()) < 0) {
        return;
      }
    }
  }

  /** Puts a chunk where it belongs. */
  void write(Chunk chunk, byte[] plain) throws IOException {
    int pieces = plain.length / PIECE_BYTES * PIECE_BYTES;
    boolean written =
        pieces > 0
            && DirectOption.find().isPresent()
            && wroteDirectly(DirectOption.find().get(), chunk.offset(), plain, pieces);
    try (FileChannel channel = open(StandardOpenOption.WRITE)) {
      ByteBuffer rest = ByteBuffer.wrap(plain).position(written ? pieces : 0);
      while (rest.hasRemaining()) {
        rest.limit(Math.min(rest.position() + BUFFERED_BYTES, plain.length));
        channel.write(rest, chunk.offset() + rest.position());
        rest.limit(plain.length);
      }
    }
  }

  /**
   * Past the page cache: what serves meanwhile keeps its memory, and the disk works from the first
   * chunk on. False where the file system cannot; whatever else is wrong, writing as usual tells.
   */
  private boolean wroteDirectly(OpenOption direct, long offset, byte[] plain, int length) {
    try (Arena arena = Arena.ofConfined();
        FileChannel channel = open(StandardOpenOption.WRITE, direct)) {
      ByteBuffer piece = arena.allocate(PIECE_BYTES, PIECE_BYTES).asByteBuffer();
      for (int at = 0; at < length; at += PIECE_BYTES) {
        piece.clear().put(plain, at, PIECE_BYTES).flip();
        if (channel.write(piece, offset + at) < PIECE_BYTES) {
          return false;
        }
      }
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** Of an earlier run, with another length. */
  void cut() throws IOException {
    try (FileChannel channel = open(StandardOpenOption.WRITE)) {
      if (channel.size() > file.length()) {
        channel.truncate(file.length());
      }
    }
  }

  private FileChannel open(OpenOption... options) throws IOException {
    Set<OpenOption> all = new HashSet<>(Set.of(options));
    all.add(LinkOption.NOFOLLOW_LINKS);
    return FileChannel.open(path, all);
  }
}
