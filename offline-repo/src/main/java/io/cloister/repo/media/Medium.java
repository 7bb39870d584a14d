package io.cloister.repo.media;

import io.cloister.repo.MediaRefusal;
import io.cloister.repo.MediaRefusal.Where;
import io.cloister.repo.RefusedException;
import io.cloister.repo.metadata.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What somebody handed over: a folder, a bundle, a set of volumes. Nothing on it is believed: every
 * read has a limit, every fault names file and offset, and each blob is read once.
 *
 * <p>Format in {@code docs/format/medium.md}.
 */
public sealed interface Medium extends AutoCloseable permits Seekable, BundleStream, VolumeSet {
  /** Most that a bundle has before its blobs: a reader of a pipe keeps it in memory. */
  int HEAD_BYTES_MAX = 64 << 20;

  /** What a pipe is called. */
  String PIPE = "standard input";

  /** Every medium has both; where one is left, its fault is found later and named. */
  List<String> MARKS = List.of("metadata/1.root.json", "metadata/timestamp.json");

  /** A folder; it may itself be reached through links: the operator typed it. */
  static Medium folder(Path folder) throws RefusedException {
    return Folder.open(folder);
  }

  /**
   * Whatever is there: a folder, a bundle, or volumes of a set in any order.
   *
   * @param paths at least one; several only where they are volumes; a folder of volumes counts as
   *     all of them
   * @param prompt asked for volumes that are not there
   */
  static Medium open(List<Path> paths, VolumePrompt prompt) throws RefusedException {
    List<VolumePlace> all = new ArrayList<>();
    paths.forEach(path -> all.addAll(VolumePlace.at(path)));
    VolumePlace first = all.removeFirst();
    return volumes(first.open(), first.given(), all, prompt);
  }

  /** A bundle that comes through a pipe; it may be one volume of several. */
  static Medium pipe(InputStream in, VolumePrompt prompt) throws RefusedException {
    Path at = Path.of(PIPE);
    return volumes(BundleStream.open(PIPE, in), at, List.of(), prompt);
  }

  private static Medium volumes(Medium first, Path at, List<VolumePlace> more, VolumePrompt prompt)
      throws RefusedException {
    try {
      Optional<VolumeNote> note = VolumeNote.find(first);
      if (note.isPresent()) {
        return new VolumeSet(first, note.get(), at, more, prompt);
      }
      if (!more.isEmpty()) {
        throw new RefusedException(
            new MediaRefusal.VolumeOfAnotherSet(
                more.getFirst().path().toString(), "one medium, " + at, "another medium"));
      }
      return first;
    } catch (RefusedException e) {
      first.close();
      throw e;
    }
  }

  /** A folder, or a bundle in a file, a named pipe or a device. */
  static Medium openOne(Path path) throws RefusedException {
    if (Files.isDirectory(path)) {
      return Folder.open(path);
    }
    if (Files.isRegularFile(path)) {
      return BundleFile.open(path);
    }
    try {
      return BundleStream.open(path.toString(), Files.newInputStream(path));
    } catch (NoSuchFileException e) {
      throw new RefusedException(
          new MediaRefusal.NoMedium(path.toString(), "no such file or folder"));
    } catch (IOException e) {
      throw new RefusedException(new MediaRefusal.NoMedium(path.toString(), MediumFile.words(e)));
    }
  }

  /** Where it is, for messages. */
  String name();

  /** The set that this is volumes of. */
  default Optional<String> findSet() {
    return Optional.empty();
  }

  /** All bytes of a file that may be absent, which is none of the blobs. */
  Optional<byte[]> find(Where where, int bytesMax) throws RefusedException;

  /** The digest of a file that may be absent, which is none of the blobs. */
  Optional<Digested> findDigest(Where where, long bytesMax) throws RefusedException;

  /** A proven blob, where it can be had before the others; a bundle has the small first ones. */
  Optional<byte[]> peek(Blob blob) throws RefusedException;

  /**
   * Hands over what is wanted, proven, each blob once. May be called once where bytes come from a
   * pipe.
   *
   * @return those that could not be handed over, in manifest order, each with the reason
   * @throws IOException of the sink only
   */
  SequencedMap<Sha256, RefusedException> deliver(BlobRequest request, BlobSink sink)
      throws RefusedException, IOException;

  /**
   * Lets go of files and devices, so that a disc can be taken out. What is at hand can still be
   * asked for afterwards: a file is opened again, and of a pipe it is in memory.
   */
  @Override
  void close();

  /** What a whole file hashes to. */
  record Digested(Sha256 sha256, long length) {}

  /** All bytes of a file of at most {@code bytesMax} bytes. */
  default byte[] read(Where where, int bytesMax) throws RefusedException {
    return find(where, bytesMax)
        .orElseThrow(() -> new RefusedException(new MediaRefusal.MissingFile(where)));
  }

  /** All bytes of a file whose length is known; neither a shorter nor a longer one is taken. */
  default byte[] readExactly(Where where, int length) throws RefusedException {
    byte[] bytes;
    try {
      bytes = read(where, length);
    } catch (RefusedException e) {
      throw e.refusal() instanceof MediaRefusal.TooLong
          ? new RefusedException(new MediaRefusal.WrongLength(where, length, length + 1L))
          : e;
    }
    if (bytes.length < length) {
      throw new RefusedException(new MediaRefusal.WrongLength(where, length, bytes.length));
    }
    return bytes;
  }
}
