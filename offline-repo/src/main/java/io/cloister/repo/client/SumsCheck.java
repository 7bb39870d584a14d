package io.cloister.repo.client;

import io.cloister.repo.MediaRefusal.MalformedManifest;
import io.cloister.repo.MediaRefusal.MissingFile;
import io.cloister.repo.MediaRefusal.TooLong;
import io.cloister.repo.MediaRefusal.Where;
import io.cloister.repo.MediaRefusal.WrongBytes;
import io.cloister.repo.Refusal;
import io.cloister.repo.RefusedException;
import io.cloister.repo.media.Medium;
import io.cloister.repo.media.Medium.Digested;
import io.cloister.repo.media.Sha256Sums;
import io.cloister.repo.metadata.Sha256;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Checks the files that {@code SHA256SUMS} lists, so that a person may rely on them too. */
final class SumsCheck {
  /** Of all files together: nobody signed the list. */
  private static final long BYTES_MAX = 8L << 30;

  private SumsCheck() {}

  static List<Refusal> findFaults(Medium medium) {
    List<Refusal> faults = new ArrayList<>();
    try {
      byte[] bytes = medium.read(Where.of(Sha256Sums.FILE), Sha256Sums.BYTES_MAX);
      long left = BYTES_MAX;
      for (Map.Entry<String, Sha256> file : Sha256Sums.parse(bytes).digests().entrySet()) {
        Where where = new Where(file.getKey(), "listed in SHA256SUMS");
        left -= check(medium, where, left, file.getValue(), faults);
      }
    } catch (IllegalArgumentException e) {
      faults.add(new MalformedManifest(Sha256Sums.FILE, String.valueOf(e.getMessage())));
    } catch (RefusedException e) {
      faults.addAll(e.refusals());
    }
    return faults;
  }

  /** How many bytes it has. */
  private static long check(
      Medium medium, Where where, long bytesMax, Sha256 expected, List<Refusal> faults) {
    try {
      Digested found =
          medium
              .findDigest(where, bytesMax)
              .orElseThrow(() -> new RefusedException(new MissingFile(where)));
      if (!found.sha256().equals(expected)) {
        faults.add(new WrongBytes(where, found.length(), expected.hex(), found.sha256().hex()));
      }
      return found.length();
    } catch (RefusedException e) {
      faults.addAll(e.refusals());
      return e.refusal() instanceof TooLong ? bytesMax : 0;
    }
  }
}
