package io.cloister.repo.publish;

import io.cloister.repo.RefusedException;
import io.cloister.repo.VendorRefusal.BadArgument;
import io.cloister.repo.client.Catalog;
import io.cloister.repo.client.PackageBlobs;
import io.cloister.repo.client.VerifiedPackage;
import io.cloister.repo.content.Kind;
import io.cloister.repo.media.Blob;
import io.cloister.repo.media.Delta;
import io.cloister.repo.metadata.Sha256;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;

/** Finds what a delta medium may leave out. */
final class DeltaBase {
  private DeltaBase() {}

  /** Takes the blobs of the base out of {@code blobs}, and says so. */
  static Delta leaveOut(List<String> since, Catalog catalog, SequencedMap<Sha256, Blob> blobs)
      throws RefusedException {
    List<VerifiedPackage> base = new ArrayList<>();
    for (String release : since) {
      List<VerifiedPackage> found =
          catalog.packages().stream().filter(each -> is(each, release)).toList();
      if (found.isEmpty()) {
        throw new RefusedException(new BadArgument("--since " + release, known(catalog)));
      }
      base.addAll(found);
    }
    SortedMap<String, Sha256> named = new TreeMap<>();
    base.forEach(each -> named.put(each.id().toString(), each.manifestSha256()));
    int count = 0;
    long bytes = 0;
    for (Blob blob : PackageBlobs.of(base).values()) {
      if (blobs.remove(blob.sha256()) != null) {
        count++;
        bytes += blob.length();
      }
    }
    return new Delta(named, count, bytes);
  }

  /** A release is a runtime's version; any package may be named in full. */
  private static boolean is(VerifiedPackage each, String release) {
    return each.id().toString().equals(release)
        || (each.id().kind() == Kind.RUNTIME && each.id().version().toString().equals(release));
  }

  private static String known(Catalog catalog) {
    return "neither a release nor a package here; there are: "
        + String.join(", ", catalog.packages().stream().map(each -> each.id().toString()).toList());
  }
}
