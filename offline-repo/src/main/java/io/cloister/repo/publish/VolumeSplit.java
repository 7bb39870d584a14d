package io.cloister.repo.publish;

import io.cloister.repo.RefusedException;
import io.cloister.repo.VendorRefusal.BadArgument;
import io.cloister.repo.media.Blob;
import io.cloister.repo.media.TarWriter;
import io.cloister.repo.media.VolumeNote;
import io.cloister.repo.media.VolumeNote.Part;
import io.cloister.repo.metadata.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Cuts the blobs of a medium, in their order, into volumes that stay below a size.
 *
 * @param head what every volume carries
 * @param limitBytes no volume reaches it
 */
record VolumeSplit(MediumHead head, boolean bundle, long limitBytes) {
  /** The largest cluster of FAT32, which a file or folder may take alone. */
  private static final long CLUSTER_BYTES = 32 << 10;

  /** What a file system keeps of a file: a directory entry, an inode. */
  private static final long ENTRY_BYTES = 4 << 10;

  /**
   * What the volumes hold, each the whole of it in the order of a bundle.
   *
   * @param blobs in manifest order, then parity
   */
  List<List<MediumEntry>> split(List<MediumEntry> blobs) throws RefusedException, IOException {
    int count = 1;
    while (true) {
      List<List<MediumEntry>> shares = shares(blobs, count);
      if (shares.size() <= count) {
        return volumes(shares);
      }
      count = shares.size();
    }
  }

  /** With room for the note of a set of so many volumes. */
  private List<List<MediumEntry>> shares(List<MediumEntry> blobs, int count)
      throws RefusedException, IOException {
    List<List<MediumEntry>> shares = new ArrayList<>();
    List<MediumEntry> share = new ArrayList<>();
    Used used = used(count, 1);
    for (MediumEntry blob : blobs) {
      if (!share.isEmpty() && !used.fits(blob)) {
        shares.add(share);
        share = new ArrayList<>();
        used = used(count, shares.size() + 1);
      }
      if (!used.fits(blob)) {
        throw tooSmall(used.bytes + used.bytes(blob));
      }
      used.add(blob);
      share.add(blob);
    }
    shares.add(share);
    if (shares.size() > VolumeNote.COUNT_MAX) {
      throw tooSmall(limitBytes * shares.size() / VolumeNote.COUNT_MAX);
    }
    return shares;
  }

  private Used used(int count, int number) throws RefusedException, IOException {
    Used used = new Used();
    Sha256 sample = Sha256.of(new byte[0]);
    Part part = new Part(Optional.of(sample), Integer.MAX_VALUE);
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < Math.max(count, number); i++) {
      parts.add(part);
    }
    VolumeNote note = new VolumeNote(sample, number, parts);
    for (MediumEntry entry : head.entries(Optional.of(note))) {
      used.add(entry);
    }
    if (used.bytes >= limitBytes) {
      throw tooSmall(used.bytes);
    }
    return used;
  }

  private RefusedException tooSmall(long bytes) {
    return new RefusedException(
        new BadArgument(
            "--volume-size " + limitBytes,
            "a volume must hold more than %d bytes".formatted(bytes)));
  }

  private List<List<MediumEntry>> volumes(List<List<MediumEntry>> shares) throws IOException {
    List<Part> parts = shares.stream().map(VolumeSplit::part).toList();
    Sha256 set = name(parts);
    List<List<MediumEntry>> volumes = new ArrayList<>();
    for (int i = 0; i < shares.size(); i++) {
      VolumeNote note = new VolumeNote(set, i + 1, parts);
      List<MediumEntry> volume = new ArrayList<>(head.entries(Optional.of(note)));
      volume.addAll(shares.get(i));
      volumes.add(volume);
    }
    return volumes;
  }

  private static Part part(List<MediumEntry> share) {
    List<MediumEntry> blobs =
        share.stream().filter(entry -> entry.name().startsWith(Blob.FOLDER)).toList();
    return new Part(
        blobs.stream()
            .findFirst()
            .map(blob -> new Sha256(blob.name().substring(blob.name().lastIndexOf('/') + 1))),
        blobs.size());
  }

  /** Sets of the same content cut alike have one name, and no others. */
  private Sha256 name(List<Part> parts) throws IOException {
    StringBuilder text = new StringBuilder();
    for (MediumEntry entry : head.metadata()) {
      text.append(entry.digest()).append('\n');
    }
    head.delta().ifPresent(delta -> text.append(delta).append('\n'));
    head.parity().ifPresent(parity -> text.append(parity).append('\n'));
    parts.forEach(part -> text.append(part).append('\n'));
    return Sha256.of(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** What is taken of a volume. */
  private final class Used {
    private final Set<String> folders = new HashSet<>();
    private long bytes = bundle ? TarWriter.END_BYTES : 0;

    boolean fits(MediumEntry entry) {
      return bytes + bytes(entry) < limitBytes;
    }

    void add(MediumEntry entry) {
      bytes += bytes(entry);
      folders.add(folder(entry));
    }

    private long bytes(MediumEntry entry) {
      if (bundle) {
        return TarWriter.memberBytes(entry.name(), entry.length());
      }
      long clusters = (entry.length() + CLUSTER_BYTES - 1) / CLUSTER_BYTES;
      return clusters * CLUSTER_BYTES
          + ENTRY_BYTES
          + (folders.contains(folder(entry)) ? 0 : CLUSTER_BYTES);
    }

    private static String folder(MediumEntry entry) {
      return entry.name().substring(0, Math.max(0, entry.name().lastIndexOf('/')));
    }
  }
}
