package io.cloister.repo.publish;

import io.cloister.repo.RefusedException;
import io.cloister.repo.VendorRefusal.BadArgument;
import io.cloister.repo.VendorRefusal.BadRepository;
import io.cloister.repo.VendorRefusal.FileFault;
import io.cloister.repo.VendorRefusal.WouldOverwrite;
import io.cloister.repo.client.AcceptedRoles;
import io.cloister.repo.client.Anchor;
import io.cloister.repo.client.Catalog;
import io.cloister.repo.client.MediumClient;
import io.cloister.repo.client.PackageBlobs;
import io.cloister.repo.client.TrustStore;
import io.cloister.repo.content.DurableFiles;
import io.cloister.repo.content.Progress;
import io.cloister.repo.media.Blob;
import io.cloister.repo.media.Delta;
import io.cloister.repo.media.Medium;
import io.cloister.repo.metadata.Sha256;
import io.cloister.repo.metadata.Signed;
import io.cloister.repo.trust.TrustedMetadata;
import io.cloister.repo.trust.TrustedTargets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Stream;

/** Writes a repository to a medium, after checking it as a customer would. */
public final class Publication {
  /** The name that the bootstrap archive has on media. */
  public static final String BOOTSTRAP = "bootstrap-linux-x64.tar.gz";

  /** What a person runs to install; goes with {@link #BOOTSTRAP}. */
  static final String SETUP = "setup.sh";

  /** What file systems and machines put at the top of a disk by themselves. */
  private static final Set<String> OF_THE_DISK =
      Set.of("lost+found", "System Volume Information", "$RECYCLE.BIN", ".Trashes", ".fseventsd");

  private final Workspace workspace;
  private final Instant now;

  public Publication(Workspace workspace, Instant now) {
    this.workspace = workspace;
    this.now = now;
  }

  /** Writes a whole medium in a folder; see {@link #publish(Path, PublishOptions)}. */
  public Catalog publish(Path medium, Optional<Path> bootstrap) throws RefusedException {
    return publish(medium, PublishOptions.FOLDER.withBootstrap(bootstrap)).catalog();
  }

  /**
   * Writes the current versions of everything.
   *
   * @param out a folder that is empty, as a new stick is, or does not exist; of a single bundle, a
   *     file that does not exist
   */
  public Published publish(Path out, PublishOptions options) throws RefusedException {
    try {
      checkFree(out, options.bundle() && options.volumeBytes().isEmpty());
      checkFree(MediumWriter.unfinished(out), true);
      checkSigned();
      Optional<MediumEntry> bootstrap = bootstrap(options);
      try (var parity = ParityFiles.open(workspace.folder(), options.parityPercent())) {
        return publish(out, options, bootstrap, parity);
      }
    } catch (IOException e) {
      throw new RefusedException(new FileFault(out.toString(), e.toString()));
    }
  }

  private Published publish(
      Path out, PublishOptions options, Optional<MediumEntry> bootstrap, ParityFiles parity)
      throws RefusedException, IOException {
    Proven proven = verify(workspace.firstRoot());
    Catalog catalog = proven.catalog();
    SequencedMap<Sha256, Blob> blobs = PackageBlobs.of(catalog.packages());
    Optional<Delta> delta =
        options.since().isEmpty()
            ? Optional.empty()
            : Optional.of(DeltaBase.leaveOut(options.since(), catalog, blobs));
    List<MediumEntry> content = content(blobs);
    Optional<ParityFiles.Made> made = parity.make(List.copyOf(blobs.values()));
    made.ifPresent(it -> content.addAll(it.entries()));
    var head =
        new MediumHead(
            catalog,
            proven.metadata(),
            bootstrap,
            options.bootstrapKeys(),
            delta,
            made.map(ParityFiles.Made::note));
    return new Published(catalog, write(out, head, content, options), delta);
  }

  private static Optional<MediumEntry> bootstrap(PublishOptions options) throws IOException {
    return options.bootstrap().isPresent()
        ? Optional.of(MediumEntry.copy(BOOTSTRAP, options.bootstrap().get()))
        : Optional.empty();
  }

  private static List<Path> write(
      Path out, MediumHead head, List<MediumEntry> content, PublishOptions options)
      throws RefusedException, IOException {
    MediumWriter writer = options.bundle() ? MediumWriter.BUNDLE : MediumWriter.FOLDER;
    if (options.bundle() && head.signedBytes() > Medium.HEAD_BYTES_MAX / 2) {
      throw new RefusedException(
          new BadArgument(
              "--bundle",
              "%d bytes of metadata and manifests are too many for a pipe; write a folder"
                  .formatted(head.signedBytes())));
    }
    Instant time = head.catalog().provenance().signedAt();
    if (options.volumeBytes().isEmpty()) {
      List<MediumEntry> entries = new ArrayList<>(head.entries(Optional.empty()));
      entries.addAll(content);
      writer.write(entries, out, time);
      return List.of(out);
    }
    var split = new VolumeSplit(head, options.bundle(), options.volumeBytes().getAsLong());
    List<List<MediumEntry>> volumes = split.split(content);
    List<Path> paths = new ArrayList<>();
    DurableFiles.createFolders(out);
    for (int i = 0; i < volumes.size(); i++) {
      paths.add(out.resolve(name(i + 1, volumes.size(), options.bundle())));
      writer.write(volumes.get(i), paths.getLast(), time);
    }
    return paths;
  }

  /** Numbers of one width, so that names sort as volumes do. */
  private static String name(int number, int count, boolean bundle) {
    int digits = Integer.toString(count).length();
    return ("volume-%0" + digits + "d-of-%d%s").formatted(number, count, bundle ? ".tar" : "");
  }

  private static void checkFree(Path medium, boolean bundle) throws RefusedException, IOException {
    if (!Files.exists(medium)) {
      return;
    }
    if (bundle || !Files.isDirectory(medium)) {
      throw new RefusedException(
          new WouldOverwrite(medium.toString(), Files.isDirectory(medium) ? "a folder" : "a file"));
    }
    try (Stream<Path> found = Files.list(medium)) {
      Optional<Path> first =
          found
              .filter(each -> !OF_THE_DISK.contains(each.getFileName().toString()))
              .sorted()
              .findFirst();
      if (first.isPresent()) {
        throw new RefusedException(
            new WouldOverwrite(medium.toString(), first.get().getFileName().toString()));
      }
    }
  }

  /** A package that was added and not signed would be left out in silence. */
  private void checkSigned() throws RefusedException, IOException {
    var published = PublishedMetadata.packages(workspace.files());
    if (!published.entrySet().containsAll(workspace.packages().entrySet())) {
      throw new RefusedException(
          new BadRepository(
              workspace.folder().toString(), "not everything that was added is signed"));
    }
  }

  /**
   * What a customer would accept.
   *
   * @param metadata the very bytes: who signs meanwhile replaces the timestamp
   */
  private record Proven(Catalog catalog, List<MediumEntry> metadata) {}

  private Proven verify(Sha256 rootDigest) throws RefusedException, IOException {
    TrustStore trust = TrustStore.inMemory(new Anchor.RootDigest(rootDigest));
    MediumClient client = MediumClient.open(Medium.folder(workspace.folder()), trust, now);
    Catalog catalog = client.refresh();
    client.verifyPackages(catalog.packages(), Progress.SILENT);
    return new Proven(catalog, metadata(client.accepted()));
  }

  /** The whole root chain, and the timestamp with what it leads to. */
  private List<MediumEntry> metadata(AcceptedRoles accepted) throws RefusedException, IOException {
    TrustedMetadata trusted = accepted.trusted();
    Map<RoleName, Signed<?>> roles = new LinkedHashMap<>();
    roles.put(RoleName.TIMESTAMP, trusted.timestamp().orElseThrow());
    roles.put(RoleName.SNAPSHOT, trusted.snapshot().orElseThrow());
    for (TrustedTargets each : accepted.targets()) {
      roles.put(new RoleName(each.name()), each.file());
    }
    List<MediumEntry> entries = new ArrayList<>();
    for (long version = 1; version <= trusted.root().version(); version++) {
      entries.add(
          entry(RoleName.ROOT, workspace.files().find(RoleName.ROOT, version).orElseThrow()));
    }
    roles.forEach((role, file) -> entries.add(entry(role, file)));
    return entries;
  }

  private MediumEntry entry(RoleName role, Signed<?> file) {
    Path name = workspace.files().file(role, file.version()).getFileName();
    return MediumEntry.of("metadata/" + name, file.bytes());
  }

  private List<MediumEntry> content(SequencedMap<Sha256, Blob> blobs) throws IOException {
    List<MediumEntry> entries = new ArrayList<>();
    for (Blob blob : blobs.values()) {
      Path file = workspace.folder().resolve(blob.path());
      entries.add(MediumEntry.copy(blob.path(), file, blob.sha256()));
    }
    return entries;
  }
}
