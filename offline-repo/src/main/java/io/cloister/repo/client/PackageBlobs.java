package io.cloister.repo.client;

import io.cloister.repo.content.Chunk;
import io.cloister.repo.content.ManifestFile;
import io.cloister.repo.media.Blob;
import io.cloister.repo.media.BlobRequest;
import io.cloister.repo.metadata.Sha256;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;

/** The blobs of packages in manifest order, as docs/format/medium.md defines it. */
public final class PackageBlobs {
  /** Says what a release needs of a machine: it is looked at before anything is planned. */
  public static final String STATEMENT = "RELEASE";

  private PackageBlobs() {}

  /**
   * Those of files named {@link #STATEMENT} first; then by package, file and chunk; each at its
   * first place only.
   *
   * @param packages ordered as in a {@link Catalog}
   */
  public static SequencedMap<Sha256, Blob> of(List<VerifiedPackage> packages) {
    List<Blob> first = new ArrayList<>();
    List<Blob> rest = new ArrayList<>();
    for (VerifiedPackage each : packages) {
      for (ManifestFile file : each.manifest().files()) {
        List<Blob> list = file.name().equals(STATEMENT) ? first : rest;
        file.chunks().forEach(chunk -> list.add(blob(each, file, chunk)));
      }
    }
    first.addAll(rest);
    return BlobRequest.byDigest(first);
  }

  static Blob blob(VerifiedPackage source, ManifestFile file, Chunk chunk) {
    return new Blob(chunk.blob(), chunk.storedLength(), () -> holds(source, file, chunk));
  }

  private static String holds(VerifiedPackage source, ManifestFile file, Chunk chunk) {
    return "%s: %s, %d bytes from byte %d"
        .formatted(source, file.name(), chunk.length(), chunk.offset());
  }
}
