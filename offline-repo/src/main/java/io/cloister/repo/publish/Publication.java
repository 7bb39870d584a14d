package io.cloister.repo.publish;

import io.cloister.repo.RefusedException;
import io.cloister.repo.VendorRefusal.BadRepository;
import io.cloister.repo.VendorRefusal.FileFault;
import io.cloister.repo.VendorRefusal.WouldOverwrite;
import io.cloister.repo.client.Anchor;
import io.cloister.repo.client.Catalog;
import io.cloister.repo.client.MediumClient;
import io.cloister.repo.client.PackageBlobs;
import io.cloister.repo.client.TrustStore;
import io.cloister.repo.client.VerifiedPackage;
import io.cloister.repo.content.Progress;
import io.cloister.repo.media.Blob;
import io.cloister.repo.media.Medium;
import io.cloister.repo.media.Sha256Sums;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.metadata.Sha256;
import io.cloister.repo.metadata.Signed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Writes a repository to a medium, after checking it as a customer would. */
public final class Publication {
  /** The name that the bootstrap archive has on media. */
  public static final String BOOTSTRAP = "bootstrap-linux-x64.tar.gz";

  private final Workspace workspace;
  private final Instant now;

  public Publication(Workspace workspace, Instant now) {
    this.workspace = workspace;
    this.now = now;
  }

  /** Writes a folder; see {@link #publish(Path, PublishOptions)}. */
  public Catalog publish(Path medium, Optional<Path> bootstrap) throws RefusedException {
    return publish(medium, new PublishOptions(bootstrap, false));
  }

  /**
   * Writes the current versions of everything.
   *
   * @param out a folder that is empty or does not exist; of a bundle, a file that does not exist
   * @return what the medium holds
   */
  public Catalog publish(Path out, PublishOptions options) throws RefusedException {
    try {
      checkFree(out, options.bundle());
      checkSigned();
      Sha256 rootDigest = Sha256.of(Files.readAllBytes(workspace.metadata("1.root.json")));
      Catalog catalog = verify(rootDigest);
      MediumWriter writer = options.bundle() ? MediumWriter.BUNDLE : MediumWriter.FOLDER;
      writer.write(
          entries(catalog, rootDigest, options.bootstrap()), out, catalog.provenance().signedAt());
      return catalog;
    } catch (IOException e) {
      throw new RefusedException(new FileFault(out.toString(), e.toString()));
    }
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
      Optional<Path> first = found.sorted().findFirst();
      if (first.isPresent()) {
        throw new RefusedException(
            new WouldOverwrite(medium.toString(), first.get().getFileName().toString()));
      }
    }
  }

  /** A package that was added and not signed would be left out in silence. */
  private void checkSigned() throws RefusedException, IOException {
    long version = workspace.newestVersion(RoleType.TARGETS);
    String name = version + ".targets.json";
    boolean current =
        version > 0
            && Signed.parseTargets(Files.readAllBytes(workspace.metadata(name)), name)
                .role()
                .targets()
                .equals(workspace.packages());
    if (!current || !Files.exists(workspace.metadata(RoleType.TIMESTAMP.fileName()))) {
      throw new RefusedException(
          new BadRepository(
              workspace.folder().toString(), "not everything that was added is signed"));
    }
  }

  private Catalog verify(Sha256 rootDigest) throws RefusedException {
    TrustStore trust = TrustStore.inMemory(new Anchor.RootDigest(rootDigest));
    MediumClient client = MediumClient.open(Medium.folder(workspace.folder()), trust, now);
    Catalog catalog = client.refresh();
    client.verifyPackages(catalog.packages(), Progress.SILENT);
    return catalog;
  }

  /** In the order of a bundle. */
  private List<MediumEntry> entries(Catalog catalog, Sha256 rootDigest, Optional<Path> bootstrap)
      throws IOException {
    List<MediumEntry> entries = new ArrayList<>();
    SortedMap<String, Sha256> sums = new TreeMap<>();
    for (String name : metadataFiles()) {
      MediumEntry entry = MediumEntry.copy(name, workspace.folder().resolve(name));
      entries.add(entry);
      sums.put(name, entry.digest());
    }
    for (VerifiedPackage each : catalog.packages()) {
      String name = "targets/" + each.manifestSha256() + "." + each.id().targetPath();
      entries.add(MediumEntry.of(name, each.manifestBytes()));
    }
    List<MediumEntry> top = new ArrayList<>();
    String readme = MediumReadme.text(catalog, rootDigest, bootstrap.isPresent());
    top.add(MediumEntry.of("README.txt", readme.getBytes(StandardCharsets.US_ASCII)));
    if (bootstrap.isPresent()) {
      top.add(MediumEntry.copy(BOOTSTRAP, bootstrap.get()));
    }
    for (MediumEntry entry : top) {
      sums.put(entry.name(), entry.digest());
    }
    entries.add(MediumEntry.of(Sha256Sums.FILE, new Sha256Sums(sums).encode()));
    entries.addAll(top);
    for (Blob blob : PackageBlobs.of(catalog.packages()).values()) {
      entries.add(MediumEntry.copy(blob.path(), workspace.folder().resolve(blob.path())));
    }
    return entries;
  }

  /** The whole root chain, and the newest of the others. */
  private List<String> metadataFiles() throws IOException {
    Stream.Builder<String> names = Stream.builder();
    long roots = workspace.newestVersion(RoleType.ROOT);
    for (long version = 1; version <= roots; version++) {
      names.add("metadata/" + version + ".root.json");
    }
    names.add(MediumWriter.TIMESTAMP);
    for (RoleType type : List.of(RoleType.SNAPSHOT, RoleType.TARGETS)) {
      names.add("metadata/" + workspace.newestVersion(type) + "." + type.fileName());
    }
    return names.build().toList();
  }
}
