package io.cloister.repo.media;

import io.cloister.repo.Refusal;
import io.cloister.repo.RefusedException;
import io.cloister.repo.metadata.Sha256;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Gives back blobs that cannot be read, where enough of the others and of the parity can. Every
 * byte that goes in is proven by its hash, and so is what comes out.
 */
public final class ParityRepair {
  private static final int CACHED_BLOBS = 3;
  private static final byte[] NOTHING = {};

  private final Medium medium;
  private final ParityNote note;
  private final BlobStream stream;
  private final Map<Sha256, Integer> indexes = new HashMap<>();
  private final Set<Sha256> lost = new HashSet<>();
  private final BitSet lostShards = new BitSet();
  private final Map<Sha256, byte[]> cache =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Sha256, byte[]> eldest) {
          return size() > CACHED_BLOBS;
        }
      };

  private ParityRepair(Medium medium, ParityNote note, BlobStream stream) {
    this.medium = medium;
    this.note = note;
    this.stream = stream;
    for (int i = 0; i < stream.count(); i++) {
      indexes.put(stream.blob(i).sha256(), i);
    }
  }

  /**
   * Empty where the medium has no parity, or parity of something else.
   *
   * @param carried the blobs on the medium or set, in manifest order
   */
  public static Optional<ParityRepair> of(Medium medium, List<Blob> carried) {
    Optional<ParityNote> note = findNote(medium);
    var stream = new BlobStream(carried);
    return note.filter(it -> it.blobs() == stream.count() && it.streamBytes() == stream.length())
        .map(it -> new ParityRepair(medium, it, stream));
  }

  /**
   * Parity that is not what it was, for the vendor who checks before shipping; customers need it
   * only where something else is wrong. What a pipe has passed over is not looked at.
   */
  public static List<Refusal> findFaults(Medium medium, ParityNote note) {
    List<Refusal> faults = new ArrayList<>();
    for (int i = 0; i < note.shards().size(); i++) {
      try {
        medium.peek(note.shard(i / note.code().parityCount(), i % note.code().parityCount()));
      } catch (RefusedException e) {
        faults.addAll(e.refusals());
      }
    }
    return faults;
  }

  /** A note that cannot be read is as good as none: the fault that asked for it is told. */
  private static Optional<ParityNote> findNote(Medium medium) {
    try {
      return ParityNote.find(medium);
    } catch (RefusedException e) {
      return Optional.empty();
    }
  }

  /** Says what cannot be read, so that it is not tried again. */
  public void exclude(Set<Sha256> blobs) {
    blobs.forEach(this::lose);
  }

  /** The proven bytes of a blob that cannot be read; empty where too much is lost. */
  public Optional<byte[]> repair(Sha256 digest) {
    Integer index = indexes.get(digest);
    if (index == null) {
      return Optional.empty();
    }
    lose(digest);
    while (true) {
      int before = lost.size();
      Optional<Map<Long, byte[]>> shards = solve(shardsOf(index));
      if (shards.isPresent()) {
        return proven(index, shards.get());
      }
      if (lost.size() == before) {
        return Optional.empty();
      }
    }
  }

  private void lose(Sha256 digest) {
    Integer index = indexes.get(digest);
    if (index != null && lost.add(digest)) {
      shardsOf(index).forEach(shard -> lostShards.set(Math.toIntExact(shard)));
    }
  }

  private Optional<byte[]> proven(int index, Map<Long, byte[]> shards) {
    Blob blob = stream.blob(index);
    byte[] bytes = new byte[blob.length()];
    long start = stream.start(index);
    for (int i = 0; i < bytes.length; ) {
      long shard = (start + i) / note.shardBytes();
      int from = (int) ((start + i) % note.shardBytes());
      int length = Math.min(bytes.length - i, note.shardBytes() - from);
      System.arraycopy(shards.getOrDefault(shard, new byte[0]), from, bytes, i, length);
      i += length;
    }
    try {
      return Optional.of(blob.prove(bytes));
    } catch (RefusedException e) {
      return Optional.empty();
    }
  }

  private Set<Long> shardsOf(int index) {
    Set<Long> shards = new TreeSet<>();
    long end = stream.start(index) + stream.blob(index).length();
    for (long shard = stream.start(index) / note.shardBytes();
        shard * note.shardBytes() < end;
        shard++) {
      shards.add(shard);
    }
    return shards;
  }

  /** Empty where a stripe has lost more than its parity, or something else turns out to be lost. */
  private Optional<Map<Long, byte[]>> solve(Set<Long> wanted) {
    Map<Integer, Stripe> stripes = new LinkedHashMap<>();
    for (long shard : wanted) {
      int stripe = (int) (shard % note.stripes());
      stripes.computeIfAbsent(stripe, Stripe::new).wanted.add((int) (shard / note.stripes()));
    }
    boolean enough = true;
    for (Stripe stripe : stripes.values()) {
      enough &= stripe.addParity();
    }
    if (!enough) {
      return Optional.empty();
    }
    // Data by data over all stripes: what lies side by side is read once.
    for (int data = 0; data < note.code().dataCount(); data++) {
      for (Stripe stripe : stripes.values()) {
        if (!stripe.addData(data)) {
          return Optional.empty();
        }
      }
    }
    Map<Long, byte[]> solved = new HashMap<>();
    for (Stripe stripe : stripes.values()) {
      stripe.sums.forEach(sum -> solved.put(stripe.shard(sum.data()), sum.bytes()));
    }
    return Optional.of(solved);
  }

  /**
   * What a missing data shard is so far: all that is there is added to it by its weight, and kept
   * no longer than that.
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Sum(int data, int[] weights, byte[] bytes) {}

  /** One stripe, on the way to those of its data shards that are wanted. */
  private final class Stripe {
    private final int number;
    private final List<Integer> wanted = new ArrayList<>();
    private final List<Integer> missing = new ArrayList<>();
    private final List<Integer> parities = new ArrayList<>();
    private final List<Sum> sums = new ArrayList<>();

    Stripe(int number) {
      this.number = number;
      for (int data = 0; data < note.code().dataCount(); data++) {
        if (lostShards.get(Math.toIntExact(shard(data)))) {
          missing.add(data);
        }
      }
      for (int i = 0; i < note.code().parityCount() && parities.size() < missing.size(); i++) {
        if (!lost.contains(note.shard(number, i).sha256())) {
          parities.add(i);
        }
      }
    }

    private long shard(int data) {
      return number + (long) data * note.stripes();
    }

    /** As many parity shards as data is missing; false where they cannot be had. */
    boolean addParity() {
      if (parities.size() < missing.size()) {
        return false;
      }
      for (int data : wanted) {
        int[] weights = note.code().weights(data, missing, parities);
        sums.add(new Sum(data, weights, new byte[note.shardBytes()]));
      }
      boolean all = true;
      for (int i = 0; i < parities.size(); i++) {
        Blob shard = note.shard(number, parities.get(i));
        Optional<byte[]> bytes = find(shard);
        if (bytes.isEmpty()) {
          lost.add(shard.sha256());
          all = false;
        }
        for (Sum sum : sums) {
          GaloisField.addProduct(sum.bytes(), sum.weights()[i], bytes.orElse(NOTHING));
        }
      }
      return all;
    }

    /** Adds a data shard that is there; false where it cannot be read. */
    boolean addData(int data) {
      if (missing.contains(data)) {
        return true;
      }
      byte[] bytes = new byte[note.shardBytes()];
      try {
        stream.read(shard(data) * note.shardBytes(), bytes, ParityRepair.this::read);
      } catch (RefusedException | IOException e) {
        return false;
      }
      for (Sum sum : sums) {
        int weight = note.code().weight(data, parities, sum.weights());
        GaloisField.addProduct(sum.bytes(), weight, bytes);
      }
      return true;
    }
  }

  private void read(Blob blob, int from, byte[] buffer, int at, int length) throws IOException {
    byte[] bytes = cache.get(blob.sha256());
    if (bytes == null) {
      Optional<byte[]> found = find(blob);
      if (found.isEmpty()) {
        lose(blob.sha256());
        throw new IOException("lost too: " + blob.path());
      }
      bytes = found.get();
      cache.put(blob.sha256(), bytes);
    }
    System.arraycopy(bytes, from, buffer, at, length);
  }

  private Optional<byte[]> find(Blob blob) {
    try {
      return lost.contains(blob.sha256()) ? Optional.empty() : medium.peek(blob);
    } catch (RefusedException e) {
      return Optional.empty();
    }
  }
}
