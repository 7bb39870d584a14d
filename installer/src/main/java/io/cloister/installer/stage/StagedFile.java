package io.cloister.installer.stage;

import io.cloister.repo.content.Chunk;
import io.cloister.repo.content.ManifestFile;
import io.cloister.repo.metadata.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/** A file that is being filled, chunk by chunk in any order. */
record StagedFile(Path path, ManifestFile file) {
  /** For long writes Linux looks for long runs of free memory, which can take ten times as long. */
  private static final int WRITTEN_BYTES = 1 << 17;

  /** Makes it, where it is not there. */
  void create() throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectories(path.resolveSibling("").normalize());
      Files.createFile(path);
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
    try (FileChannel channel = open(StandardOpenOption.WRITE)) {
      ByteBuffer rest = ByteBuffer.wrap(plain);
      while (rest.hasRemaining()) {
        rest.limit(Math.min(rest.position() + WRITTEN_BYTES, plain.length));
        channel.write(rest, chunk.offset() + rest.position());
        rest.limit(plain.length);
      }
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

  private FileChannel open(StandardOpenOption option) throws IOException {
    return FileChannel.open(path, Set.of(option, LinkOption.NOFOLLOW_LINKS));
  }
}
