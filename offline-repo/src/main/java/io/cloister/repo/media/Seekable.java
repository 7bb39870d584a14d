package io.cloister.repo.media;

import io.cloister.repo.MediaRefusal.MissingFile;
import io.cloister.repo.MediaRefusal.TooLong;
import io.cloister.repo.MediaRefusal.Where;
import io.cloister.repo.RefusedException;
import io.cloister.repo.metadata.Sha256;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.SequencedMap;

/** A medium whose files can be opened in any order. */
sealed interface Seekable extends Medium permits Folder, BundleFile {
  int BUFFER_BYTES = 1 << 20;

  /** Opens a plain file; how far it is read is the caller's to limit. */
  Optional<MediumFile> findFile(Where where) throws RefusedException;

  @Override
  default Optional<byte[]> find(Where where, int bytesMax) throws RefusedException {
    Optional<MediumFile> found = findFile(where);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (MediumFile file = found.get()) {
      return Optional.of(file.readUpTo(bytesMax));
    }
  }

  @Override
  default Optional<Digested> findDigest(Where where, long bytesMax) throws RefusedException {
    Optional<MediumFile> found = findFile(where);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (MediumFile file = found.get()) {
      MessageDigest digest = Sha256.digest();
      byte[] buffer = new byte[BUFFER_BYTES];
      long length = 0;
      for (int count = 1; count > 0; length += count) {
        count = file.read(buffer, 0, buffer.length);
        digest.update(buffer, 0, count);
        if (length > bytesMax) {
          throw new RefusedException(new TooLong(where, bytesMax));
        }
      }
      return Optional.of(new Digested(Sha256.of(digest), length));
    }
  }

  @Override
  default Optional<byte[]> peek(Blob blob) throws RefusedException {
    return Optional.of(readBlob(blob, new byte[blob.length()]));
  }

  /** Reads it once, into an array of its length, and proves it. */
  default byte[] readBlob(Blob blob, byte[] bytes) throws RefusedException {
    Optional<MediumFile> found = findFile(blob.where());
    if (found.isEmpty()) {
      throw new RefusedException(new MissingFile(blob.where()));
    }
    try (MediumFile file = found.get()) {
      return blob.prove(bytes, file.readExactly(bytes));
    }
  }

  @Override
  default SequencedMap<Sha256, RefusedException> deliver(BlobRequest request, BlobSink sink)
      throws RefusedException, IOException {
    sink.arrived(this);
    var faults = new Faults();
    try (Lanes lanes = new Lanes()) {
      for (Blob blob : request.wantedBlobs()) {
        lanes.submit(
            () ->
                faults.attempt(
                    blob, () -> sink.take(blob, readBlob(blob, lanes.array(blob.length())))));
      }
      lanes.finish();
    }
    return faults.inOrder(request);
  }

  @Override
  default void close() {}
}
