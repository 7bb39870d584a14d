package io.cloister.repo.publish;

import io.cloister.repo.RefusedException;
import io.cloister.repo.content.DurableFiles;
import io.cloister.repo.media.Blob;
import io.cloister.repo.media.BlobStream;
import io.cloister.repo.media.ErasureCode;
import io.cloister.repo.media.ParityNote;
import io.cloister.repo.metadata.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Makes the parity of a medium into a folder of its own, from which it is copied.
 *
 * @param repository where the blobs are
 * @param spool a folder that does not exist; {@link #close} takes it away
 */
record ParityFiles(Path repository, Path spool) implements AutoCloseable {
  /** Data shards of a stripe at most: larger stripes cost more time and mend scattered faults. */
  private static final int DATA_SHARDS_MAX = 64;

  private static final int SHARDS_MAX = 256;

  /** What was made. */
  record Made(ParityNote note, List<MediumEntry> entries) {}

  /** At least so many per cent of the bytes, and enough for the loss of any one blob. */
  Made make(List<Blob> blobs, int percent) throws RefusedException, IOException {
    var stream = new BlobStream(blobs);
    int shardBytes = shardBytes(stream.length());
    long shards = Math.max(1, ceil(stream.length(), shardBytes));
    int stripes = Math.toIntExact(ceil(shards, DATA_SHARDS_MAX));
    int data = (int) ceil(shards, stripes);
    int largest = blobs.stream().mapToInt(Blob::length).max().orElse(0);
    long oneBlob = ceil(ceil(largest, shardBytes) + 1, stripes);
    long parity = Math.max(ceil((long) data * percent, 100), Math.min(oneBlob, data));
    var code = new ErasureCode(data, (int) Math.min(parity, SHARDS_MAX - data));
    DurableFiles.createFolders(spool);
    Map<Sha256, MediumEntry> entries = new LinkedHashMap<>();
    List<Sha256> digests = new ArrayList<>();
    for (int stripe = 0; stripe < stripes; stripe++) {
      for (byte[] shard : stripe(stream, code, shardBytes, stripe, stripes)) {
        digests.add(Sha256.of(shard));
        entries.put(digests.getLast(), keep(shard, digests.getLast()));
      }
    }
    var note = new ParityNote(shardBytes, code, stream.length(), stream.count(), digests);
    return new Made(note, List.copyOf(entries.values()));
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
    try (Stream<Path> files = Files.list(spool)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(spool);
    } catch (NoSuchFileException e) {
      // No parity was made.
      return;
    }
  }
}
