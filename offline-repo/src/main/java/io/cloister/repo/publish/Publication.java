package io.cloister.repo.publish;

import io.cloister.repo.RefusedException;
import io.cloister.repo.VendorRefusal.BadRepository;
import io.cloister.repo.VendorRefusal.FileFault;
import io.cloister.repo.VendorRefusal.WouldOverwrite;
import io.cloister.repo.client.Anchor;
import io.cloister.repo.client.Catalog;
import io.cloister.repo.client.MediumClient;
import io.cloister.repo.client.TrustStore;
import io.cloister.repo.client.VerifiedPackage;
import io.cloister.repo.content.DurableFiles;
import io.cloister.repo.content.Progress;
import io.cloister.repo.media.Medium;
import io.cloister.repo.media.Sha256Sums;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.metadata.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Writes a repository to a medium, after checking it as a customer would. */
public final class Publication {
  /** The name that the bootstrap archive has on media. */
  public static final String BOOTSTRAP = "bootstrap-linux-x64.tar.gz";

  private static final String TIMESTAMP = "metadata/" + RoleType.TIMESTAMP.fileName();
  private static final int BUFFER_BYTES = 1 << 20;

  private final Workspace workspace;
  private final Instant now;

  public Publication(Workspace workspace, Instant now) {
    this.workspace = workspace;
    this.now = now;
  }

  /**
   * Writes the current versions only, the timestamp last, so that a medium that was cut short is
   * never accepted.
   *
   * @param medium a folder that is empty or does not exist
   * @param bootstrap put there as {@link #BOOTSTRAP}
   * @return what the medium holds
   */
  public Catalog publish(Path medium, Optional<Path> bootstrap) throws RefusedException {
    try {
      checkEmpty(medium);
      checkSigned();
      Sha256 rootDigest = workspace.firstRoot();
      Catalog catalog = verify(rootDigest);
      DurableFiles.createFolders(medium);
      write(medium, catalog, rootDigest, bootstrap);
      return catalog;
    } catch (IOException e) {
      throw new RefusedException(new FileFault(medium.toString(), e.toString()));
    }
  }

  private static void checkEmpty(Path medium) throws RefusedException, IOException {
    if (!Files.exists(medium)) {
      return;
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
    PublishedMetadata.read(workspace.files());
    if (!workspace.unsigned().isEmpty()) {
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

  private void write(Path medium, Catalog catalog, Sha256 rootDigest, Optional<Path> bootstrap)
      throws RefusedException, IOException {
    SortedSet<Path> folders = new TreeSet<>();
    folders.add(medium);
    SortedMap<String, Sha256> sums = new TreeMap<>();
    for (String name : contentFiles(catalog)) {
      copy(workspace.folder().resolve(name), medium.resolve(name), folders);
    }
    for (String name : metadataFiles()) {
      sums.put(name, copy(workspace.folder().resolve(name), medium.resolve(name), folders));
    }
    if (bootstrap.isPresent()) {
      sums.put(BOOTSTRAP, copy(bootstrap.get(), medium.resolve(BOOTSTRAP), folders));
    }
    byte[] readme =
        MediumReadme.text(catalog, rootDigest, bootstrap.isPresent())
            .getBytes(StandardCharsets.US_ASCII);
    Files.write(medium.resolve("README.txt"), readme);
    DurableFiles.forceFile(medium.resolve("README.txt"));
    sums.put("README.txt", Sha256.of(readme));
    sums.put(TIMESTAMP, Sha256.of(Files.readAllBytes(workspace.folder().resolve(TIMESTAMP))));
    Files.write(medium.resolve(Sha256Sums.FILE), new Sha256Sums(sums).encode());
    DurableFiles.forceFile(medium.resolve(Sha256Sums.FILE));
    copy(workspace.folder().resolve(TIMESTAMP), medium.resolve(TIMESTAMP), folders);
    for (Path folder : folders) {
      DurableFiles.forceFolder(folder);
    }
  }

  private static SortedSet<String> contentFiles(Catalog catalog) {
    SortedSet<String> names = new TreeSet<>();
    for (VerifiedPackage each : catalog.packages()) {
      names.add("targets/" + each.manifestSha256() + "." + each.id().targetPath());
      each.manifest().files().stream()
          .flatMap(file -> file.chunks().stream())
          .forEach(chunk -> names.add(chunk.blobPath()));
    }
    return names;
  }

  /** The whole root chain, and what the timestamp leads to; without the timestamp. */
  private List<String> metadataFiles() throws RefusedException, IOException {
    return PublishedMetadata.read(workspace.files()).names();
  }

  /** Plain writing, not {@link DurableFiles#write}: FAT knows no permissions. */
  private static Sha256 copy(Path from, Path to, SortedSet<Path> folders) throws IOException {
    Path folder = to.resolveSibling(".").normalize();
    Files.createDirectories(folder);
    folders.add(folder);
    MessageDigest digest = Sha256.digest();
    try (InputStream in = Files.newInputStream(from);
        var out = Files.newOutputStream(to)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
        out.write(buffer, 0, count);
      }
    }
    DurableFiles.forceFile(to);
    return Sha256.of(digest);
  }
}
