package io.cloister.repo.publish;

import io.cloister.repo.RefusedException;
import io.cloister.repo.VendorRefusal.BadArgument;
import io.cloister.repo.VendorRefusal.WouldOverwrite;
import io.cloister.repo.media.Blob;
import io.cloister.repo.media.BlobStream;
import io.cloister.repo.media.ErasureCode;
import io.cloister.repo.media.ParityNote;
import io.cloister.repo.metadata.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Makes the parity of a medium into a folder of its own in the repository, from which it is copied:
 * where a medium is mounted there may be neither leave nor room for a folder beside it.
 */
final class ParityFiles implements AutoCloseable {
  /** Data shards of a stripe at most: larger stripes cost more time and mend scattered faults. */
  private static final int DATA_SHARDS_MAX = 64;

  private static final int SHARDS_MAX = 256;

  private final Path repository;
  private final Path spool;
  private final int percent;

  private ParityFiles(Path repository, int percent) {
    this.repository = repository;
    this.spool = repository.resolve(".parity");
    this.percent = percent;
  }

  /**
   * Makes the folder, which {@link #close} takes away; refuses one that another run has or left.
   *
   * @param repository where the blobs are
   * @param percent of the bytes of all blobs; 0 for no parity and no folder
   */
  static ParityFiles open(Path repository, int percent) throws RefusedException, IOException {
    ParityFiles parity = new ParityFiles(repository, percent);
    if (percent > 0) {
      try {
        Files.createDirectory(parity.spool);
      } catch (FileAlreadyExistsException e) {
        throw new RefusedException(
            new WouldOverwrite(
                parity.spool.toString(), "parity that is being made, or was left by a killed run"));
      }
    }
    return parity;
  }

  /** What was made. */
  record Made(ParityNote note, List<MediumEntry> entries) {}

  /** At least so many per cent of the bytes, and enough for the loss of any one blob. */
  Optional<Made> make(List<Blob> blobs) throws RefusedException, IOException {
    if (percent == 0 || blobs.isEmpty()) {
      return Optional.empty();
    }
    var stream = new BlobStream(blobs);
    int shardBytes = shardBytes(stream.length());
    long shards = Math.max(1, ceil(stream.length(), shardBytes));
    int stripes = Math.toIntExact(ceil(shards, DATA_SHARDS_MAX));
    int data = (int) ceil(shards, stripes);
    int largest = blobs.stream().mapToInt(Blob::length).max().orElse(0);
    long oneBlob = ceil(ceil(largest, shardBytes) + 1, stripes);
    long parity = Math.max(ceil((long) data * percent, 100), Math.min(oneBlob, data));
    var code = new ErasureCode(data, (int) Math.min(parity, SHARDS_MAX - data));
    checkReadable((long) stripes * code.parityCount());
    Map<Sha256, MediumEntry> entries = new LinkedHashMap<>();
    List<Sha256> digests = new ArrayList<>();
    for (int stripe = 0; stripe < stripes; stripe++) {
      for (byte[] shard : stripe(stream, code, shardBytes, stripe, stripes)) {
        digests.add(Sha256.of(shard));
        entries.put(digests.getLast(), keep(shard, digests.getLast()));
      }
    }
    var note = new ParityNote(shardBytes, code, stream.length(), stream.count(), digests);
    return Optional.of(new Made(note, List.copyOf(entries.values())));
  }

  /** Before the first of many is made. */
  private void checkReadable(long shards) throws RefusedException {
    if (shards > ParityNote.SHARDS_MAX) {
      throw new RefusedException(
          new BadArgument(
              "--parity " + percent,
              "it makes %d parity shards, and no reader takes more than %d"
                  .formatted(shards, ParityNote.SHARDS_MAX)));
    }
  }

  /** Of small media finer shards waste less. */
  private static int shardBytes(long bytes) {
    return Math.clamp(
        Long.highestOneBit(bytes / DATA_SHARDS_MAX),
        ParityNote.SHARD_BYTES_MIN,
        ParityNote.SHARD_BYTES_MAX);
  }

  private byte[][] stripe(
      BlobStream stream, ErasureCode code, int shardBytes, int stripe, int stripes)
      throws RefusedException, IOException {
    byte[][] parity = new byte[code.parityCount()][shardBytes];
    byte[] shard = new byte[shardBytes];
    for (int data = 0; data < code.dataCount(); data++) {
      stream.read((stripe + (long) data * stripes) * shardBytes, shard, this::read);
      for (int i = 0; i < parity.length; i++) {
        code.add(parity[i], i, data, shard);
      }
    }
    return parity;
  }

  private void read(Blob blob, int from, byte[] buffer, int at, int length) throws IOException {
    try (FileChannel channel = FileChannel.open(repository.resolve(blob.path()))) {
      ByteBuffer rest = ByteBuffer.wrap(buffer, at, length);
      while (rest.hasRemaining()) {
        if (channel.read(rest, from + rest.position() - at) < 0) {
          throw new IOException(blob.path() + " is too short");
        }
      }
    }
  }

  private MediumEntry keep(byte[] shard, Sha256 digest) throws IOException {
    Path file = spool.resolve(digest.hex());
    Files.write(file, shard);
    Blob blob = new Blob(Blob.PARITY_FOLDER, digest, shard.length, () -> "parity");
    return MediumEntry.copy(blob.path(), file, digest);
  }

  private static long ceil(long a, long b) {
    return (a + b - 1) / b;
  }

  @Override
  public void close() throws IOException {
    if (percent == 0) {
      return;
    }
    try (Stream<Path> files = Files.list(spool)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(spool);
  }
}
