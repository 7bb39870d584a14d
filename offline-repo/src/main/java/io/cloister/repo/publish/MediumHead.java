package io.cloister.repo.publish;

import io.cloister.repo.client.Catalog;
import io.cloister.repo.client.VerifiedPackage;
import io.cloister.repo.media.Delta;
import io.cloister.repo.media.ParityNote;
import io.cloister.repo.media.Sha256Sums;
import io.cloister.repo.media.VolumeNote;
import io.cloister.repo.metadata.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything on a medium but its blobs; every volume of a set carries it, so that any can be the
 * first.
 *
 * @param metadata files below {@code metadata/}
 * @param bootstrap goes on the first volume only
 * @param keys with which {@code SHA256SUMS} is signed
 */
record MediumHead(
    Catalog catalog,
    List<MediumEntry> metadata,
    Optional<MediumEntry> bootstrap,
    List<BootstrapKey> keys,
    Optional<Delta> delta,
    Optional<ParityNote> parity) {

  MediumHead {
    metadata = List.copyOf(metadata);
    keys = List.copyOf(keys);
  }

  /** In the order of a bundle. */
  List<MediumEntry> entries(Optional<VolumeNote> volume) throws IOException {
    boolean first = volume.map(VolumeNote::number).orElse(1) == 1;
    List<MediumEntry> top = new ArrayList<>();
    Optional<MediumEntry> start = bootstrap.filter(_ -> first);
    var readme = new MediumReadme(catalog, start.isPresent(), keys);
    top.add(ascii("README.txt", readme.text(delta, volume)));
    delta.ifPresent(it -> top.add(MediumEntry.of(Delta.FILE, it.encode())));
    parity.ifPresent(it -> top.add(MediumEntry.of(ParityNote.FILE, it.encode())));
    volume.ifPresent(it -> top.add(MediumEntry.of(VolumeNote.FILE, it.encode())));
    if (start.isPresent()) {
      top.add(start.get());
      top.add(MediumEntry.of(Publication.SETUP, setup()));
    }
    keys.forEach(key -> top.add(ascii(key.certificateFile(), key.certificatePem())));
    SortedMap<String, Sha256> sums = new TreeMap<>();
    for (MediumEntry entry : metadata) {
      sums.put(entry.name(), entry.digest());
    }
    for (MediumEntry entry : top) {
      sums.put(entry.name(), entry.digest());
    }
    List<MediumEntry> entries = new ArrayList<>(metadata);
    for (VerifiedPackage each : catalog.packages()) {
      String name = "targets/" + each.manifestSha256() + "." + each.id().targetPath();
      entries.add(MediumEntry.of(name, each.manifestBytes()));
    }
    byte[] list = new Sha256Sums(sums).encode();
    entries.add(MediumEntry.of(Sha256Sums.FILE, list));
    for (BootstrapKey key : keys) {
      byte[] signature = key.sign(list, catalog.provenance().signedAt());
      entries.add(MediumEntry.of(key.signatureFile(), signature));
    }
    entries.addAll(top);
    return entries;
  }

  private static byte[] setup() throws IOException {
    try (InputStream in = MediumHead.class.getResourceAsStream(Publication.SETUP)) {
      return Objects.requireNonNull(in, Publication.SETUP).readAllBytes();
    }
  }

  /** What is most of it, and grows with what is published. */
  long signedBytes() {
    return metadata.stream().mapToLong(MediumEntry::length).sum()
        + catalog.packages().stream().mapToLong(each -> each.manifestBytes().length).sum();
  }

  private static MediumEntry ascii(String name, String text) {
    return MediumEntry.of(name, text.getBytes(StandardCharsets.US_ASCII));
  }
}
