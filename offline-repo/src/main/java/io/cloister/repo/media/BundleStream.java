package io.cloister.repo.media;

import io.cloister.repo.MediaRefusal.MissingFile;
import io.cloister.repo.MediaRefusal.NotAMedium;
import io.cloister.repo.MediaRefusal.TooLong;
import io.cloister.repo.MediaRefusal.Where;
import io.cloister.repo.MediaRefusal.WrongLength;
import io.cloister.repo.RefusedException;
import io.cloister.repo.media.TarReader.Member;
import io.cloister.repo.metadata.Sha256;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A bundle that can be read only once and only forward: a pipe, behind which may be a data diode.
 * Everything before the blobs, and the small first blobs, are kept in memory, bounded by {@link
 * Medium#HEAD_BYTES_MAX}; of a larger file only its digest.
 */
final class BundleStream implements Medium {
  private static final int TOP_BYTES_MAX = 1 << 20;
  private static final int EARLY_BLOB_BYTES_MAX = 1 << 16;
  private static final int EARLY_BYTES_MAX = 4 << 20;
  private static final int BUFFER_BYTES = 1 << 18;

  private final String name;
  private final InputStream in;
  private final TarReader tar;
  private final Map<String, byte[]> head = new HashMap<>();
  private final Map<String, Digested> large = new HashMap<>();
  private final Map<Sha256, byte[]> early = new HashMap<>();
  private Optional<Member> member = Optional.empty();
  private boolean delivered;

  private BundleStream(String name, InputStream in) {
    this.name = name;
    this.in = in;
    this.tar = new TarReader(name, new BufferedInputStream(in, BUFFER_BYTES));
  }

  /**
   * Reads up to the blobs.
   *
   * @param name for messages
   */
  static BundleStream open(String name, InputStream in) throws RefusedException {
    var bundle = new BundleStream(name, in);
    bundle.readHead();
    if (MARKS.stream().noneMatch(bundle.head::containsKey)) {
      throw new RefusedException(new NotAMedium(name));
    }
    return bundle;
  }

  private void readHead() throws RefusedException {
    long kept = 0;
    member = tar.next();
    while (member.isPresent() && member.get().section().compareTo(BundleSection.BLOBS) < 0) {
      Member file = member.get();
      if (file.section() == BundleSection.TOP && file.length() > TOP_BYTES_MAX) {
        large.put(file.name(), digest(file));
      } else {
        kept += file.length();
        if (kept > HEAD_BYTES_MAX) {
          throw tar.refused(
              "more than %d bytes of metadata and manifests".formatted(HEAD_BYTES_MAX));
        }
        head.put(file.name(), tar.readRest());
      }
      member = tar.next();
    }
    readEarly();
  }

  private Digested digest(Member file) throws RefusedException {
    MessageDigest digest = Sha256.digest();
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int count = tar.read(buffer); count > 0; count = tar.read(buffer)) {
      digest.update(buffer, 0, count);
    }
    return new Digested(Sha256.of(digest), file.length());
  }

  /** The writer puts first what must be known before anything is planned. */
  private void readEarly() throws RefusedException {
    long kept = 0;
    while (member.isPresent() && member.get().length() <= EARLY_BLOB_BYTES_MAX) {
      Optional<Sha256> digest = BundleSection.findBlob(member.get().name());
      kept += member.get().length();
      if (digest.isEmpty() || kept > EARLY_BYTES_MAX) {
        return;
      }
      early.put(digest.get(), tar.readRest());
      member = tar.next();
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Optional<byte[]> find(Where where, int bytesMax) throws RefusedException {
    byte[] bytes = head.get(where.file());
    if (large.containsKey(where.file()) || (bytes != null && bytes.length > bytesMax)) {
      throw new RefusedException(new TooLong(where, bytesMax));
    }
    return bytes == null ? Optional.empty() : Optional.of(bytes.clone());
  }

  @Override
  public Optional<Digested> findDigest(Where where, long bytesMax) throws RefusedException {
    byte[] bytes = head.get(where.file());
    Optional<Digested> found =
        bytes == null
            ? Optional.ofNullable(large.get(where.file()))
            : Optional.of(new Digested(Sha256.of(bytes), bytes.length));
    if (found.isPresent() && found.get().length() > bytesMax) {
      throw new RefusedException(new TooLong(where, bytesMax));
    }
    return found;
  }

  @Override
  public Optional<byte[]> peek(Blob blob) throws RefusedException {
    byte[] bytes = early.get(blob.sha256());
    return bytes == null ? Optional.empty() : Optional.of(blob.prove(bytes));
  }

  /** Reads to the end, whatever is wanted: what comes after the last blob is looked at too. */
  @Override
  public SequencedMap<Sha256, RefusedException> deliver(BlobRequest request, BlobSink sink)
      throws RefusedException, IOException {
    if (delivered) {
      throw new IllegalStateException("a pipe is read once");
    }
    delivered = true;
    sink.arrived(this);
    var faults = new Faults();
    for (Blob blob : request.wantedBlobs()) {
      faults.put(blob, new RefusedException(new MissingFile(blob.where())));
    }
    try (Lanes lanes = new Lanes()) {
      for (Map.Entry<Sha256, byte[]> blob : early.entrySet()) {
        take(lanes, faults, request, blob.getKey(), sink, blob::getValue, blob.getValue().length);
      }
      for (; member.isPresent(); member = tar.next()) {
        Optional<Sha256> digest = BundleSection.findBlob(member.get().name());
        if (digest.isPresent()) {
          take(lanes, faults, request, digest.get(), sink, tar::readRest, member.get().length());
        }
      }
      lanes.finish();
    }
    return faults.inOrder(request);
  }

  /** The bytes of a member, read when asked for. */
  @FunctionalInterface
  private interface Content {
    byte[] read() throws RefusedException;
  }

  private void take(
      Lanes lanes,
      Faults faults,
      BlobRequest request,
      Sha256 digest,
      BlobSink sink,
      Content content,
      long length)
      throws RefusedException, IOException {
    Blob blob = request.all().get(digest);
    if (blob == null) {
      throw TarReader.stranger(name, digest.below(Blob.FOLDER), tar.offset());
    }
    if (!request.wanted().contains(digest)) {
      return;
    }
    if (length != blob.length()) {
      faults.put(blob, new RefusedException(new WrongLength(blob.where(), blob.length(), length)));
      return;
    }
    byte[] bytes = content.read();
    faults.remove(blob);
    lanes.submit(() -> faults.attempt(blob, () -> sink.take(blob, blob.prove(bytes))));
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      // Nothing more is read; a pipe that cannot be closed takes nothing back.
      delivered = true;
    }
  }
}
