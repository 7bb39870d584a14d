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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An installed file that is not what its signed manifest says.
 *
 * @param path where it lies, or should
 * @param wanted what it should be
 * @param wrong the chunks that are not there; none where there are only too many bytes, or other
 *     permissions
 */
record DamagedFile(Path path, ManifestFile wanted, List<Chunk> wrong) {
  DamagedFile {
    wrong = List.copyOf(wrong);
  }

  /** Empty where the file is as it should be. */
  static Optional<DamagedFile> find(Path path, ManifestFile wanted) {
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.of(new DamagedFile(path, wanted, wanted.chunks()));
    }
    List<Chunk> wrong = new ArrayList<>();
    for (Chunk chunk : wanted.chunks()) {
      if (read(path, chunk).isEmpty()) {
        wrong.add(chunk);
      }
    }
    boolean sound =
        wrong.isEmpty() && path.toFile().length() == wanted.length() && isSealed(path, wanted);
    return sound ? Optional.empty() : Optional.of(new DamagedFile(path, wanted, wrong));
  }

  private static boolean isSealed(Path path, ManifestFile wanted) {
    try {
      return Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS)
          .equals(Staging.permissions(wanted));
    } catch (IOException e) {
      return false;
    }
  }

  /** What of it is right still. */
  Optional<byte[]> read(Chunk chunk) {
    return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
        ? read(path, chunk)
        : Optional.empty();
  }

  /** The chunk's bytes, proven; empty where they are others, or cannot be read. */
  static Optional<byte[]> read(Path path, Chunk chunk) {
    ByteBuffer bytes = ByteBuffer.allocate(chunk.length());
    try (FileChannel channel =
        FileChannel.open(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      while (bytes.hasRemaining()) {
        if (channel.read(bytes, chunk.offset() + bytes.position()) < 0) {
          return Optional.empty();
        }
      }
    } catch (IOException e) {
      // A sector that cannot be read is as good as one that was changed.
      return Optional.empty();
    }
    return Sha256.of(bytes.array()).equals(chunk.sha256())
        ? Optional.of(bytes.array())
        : Optional.empty();
  }

  /** For people. */
  List<String> faults() {
    if (wrong.isEmpty()) {
      return List.of(
          path.toFile().length() == wanted.length()
              ? wanted.name() + ": other permissions"
              : wanted.name() + ": more than " + wanted.length() + " bytes");
    }
    return wrong.stream()
        .map(
            chunk ->
                "%s: %d bytes from byte %d"
                    .formatted(wanted.name(), chunk.length(), chunk.offset()))
        .toList();
  }
}
