package io.cloister.repo.media;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.repo.MediaRefusal.MalformedManifest;
import io.cloister.repo.MediaRefusal.Where;
import io.cloister.repo.RefusedException;
import io.cloister.repo.metadata.CanonicalJson;
import io.cloister.repo.metadata.Fields;
import io.cloister.repo.metadata.JsonException;
import io.cloister.repo.metadata.Sha256;
import io.cloister.repo.metadata.StrictJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How parity was made: {@code parity.json}. All blobs of the medium or set, in manifest order, are
 * one stream of bytes, cut into shards; shard {@code n} is data shard {@code n / stripes} of stripe
 * {@code n % stripes}, so that a scratch touches many stripes a little. Not signed: what is
 * repaired is proven by the signed hashes, as everything is.
 *
 * @param shardBytes length of a shard; the last is filled with zeros
 * @param streamBytes of all blobs
 * @param blobs how many
 * @param shards digests of the parity shards, stripe by stripe
 */
public record ParityNote(
    int shardBytes, ErasureCode code, long streamBytes, int blobs, List<Sha256> shards) {
  public static final String FILE = "parity.json";
  public static final int SHARD_BYTES_MIN = 4 << 10;
  public static final int SHARD_BYTES_MAX = 1 << 20;

  /** Nobody signed it: it must not fill the memory of who reads it. */
  private static final int BYTES_MAX = 8 << 20;

  /** Parity shards. */
  public static final int SHARDS_MAX = 100_000;

  private static final int FORMAT = 1;
  private static final String CODE = "cauchy-reed-solomon-gf256-11d";

  public ParityNote {
    shards = List.copyOf(shards);
    long dataShards = (streamBytes + shardBytes - 1) / shardBytes;
    long stripes = shards.size() / code.parityCount();
    if (shards.size() % code.parityCount() != 0 || stripes * code.dataCount() < dataShards) {
      throw new IllegalArgumentException(
          "%d parity shards for %d bytes".formatted(shards.size(), streamBytes));
    }
  }

  public int stripes() {
    return shards.size() / code.parityCount();
  }

  /** One parity shard. */
  Blob shard(int stripe, int parity) {
    return new Blob(
        Blob.PARITY_FOLDER,
        shards.get(stripe * code.parityCount() + parity),
        shardBytes,
        () -> "parity %d of stripe %d".formatted(parity, stripe));
  }

  /** Empty where there is none. */
  public static Optional<ParityNote> find(Medium medium) throws RefusedException {
    Optional<byte[]> bytes = medium.find(Where.of(FILE), BYTES_MAX);
    return bytes.isEmpty() ? Optional.empty() : Optional.of(parse(bytes.get()));
  }

  private static ParityNote parse(byte[] bytes) throws RefusedException {
    try {
      Fields document = Fields.of(StrictJson.parse(bytes));
      document.integer("format", FORMAT, FORMAT);
      if (!document.text("code").equals(CODE)) {
        throw new JsonException("code is not known");
      }
      List<Sha256> shards = new ArrayList<>();
      for (String digest : document.texts("shards", SHARDS_MAX)) {
        shards.add(new Sha256(digest));
      }
      return new ParityNote(
          (int) document.integer("shard_bytes", SHARD_BYTES_MIN, SHARD_BYTES_MAX),
          new ErasureCode(
              (int) document.integer("data", 1, GaloisField.SIZE),
              (int) document.integer("parity", 1, GaloisField.SIZE)),
          document.integer("bytes", 1, Long.MAX_VALUE / 2),
          (int) document.integer("blobs", 1, Integer.MAX_VALUE),
          shards);
    } catch (JsonException | IllegalArgumentException e) {
      throw new RefusedException(new MalformedManifest(FILE, String.valueOf(e.getMessage())));
    }
  }

  /** Canonical JSON. */
  public byte[] encode() {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("format", FORMAT);
    document.put("code", CODE);
    document.put("shard_bytes", shardBytes);
    document.put("data", code.dataCount());
    document.put("parity", code.parityCount());
    document.put("bytes", streamBytes);
    document.put("blobs", blobs);
    ArrayNode array = document.putArray("shards");
    shards.forEach(shard -> array.add(shard.hex()));
    return CanonicalJson.encodeOwn(document);
  }
}
