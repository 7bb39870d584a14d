package io.cloister.repo.publish;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.cloister.repo.RefusedException;
import io.cloister.repo.VendorRefusal.BadRepository;
import io.cloister.repo.VendorRefusal.FileFault;
import io.cloister.repo.VendorRefusal.WouldOverwrite;
import io.cloister.repo.content.DurableFiles;
import io.cloister.repo.content.PackageId;
import io.cloister.repo.content.PackageManifest;
import io.cloister.repo.keys.SigningKey;
import io.cloister.repo.metadata.Fields;
import io.cloister.repo.metadata.JsonException;
import io.cloister.repo.metadata.Role;
import io.cloister.repo.metadata.Root;
import io.cloister.repo.metadata.Sha256;
import io.cloister.repo.metadata.Signed;
import io.cloister.repo.metadata.StrictJson;
import io.cloister.repo.metadata.Targets.TargetFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The vendor's working folder: a repository in the layout of a medium, growing over the years, and
 * {@code repository.json} with how long signatures last.
 */
public final class Workspace {
  /** The longest that signatures may last, in days; a day is the least. */
  public static final int LIFETIME_DAYS_MAX = 36_500;

  private static final String SETTINGS = "repository.json";
  private static final int FORMAT = 1;

  private final Path folder;
  private final Duration lifetime;
  private final RoleFiles files;

  private Workspace(Path folder, Duration lifetime) {
    this.files = new RoleFiles(folder);
    this.folder = folder;
    this.lifetime = lifetime;
  }

  /**
   * Makes a repository with version 1 of root, which waits for signatures where those of the keys
   * given are too few.
   *
   * @param rootKeys those of which the private half is at hand
   */
  public static Workspace create(
      Path folder, RepositorySetup setup, List<SigningKey> rootKeys, Instant now)
      throws RefusedException {
    Path settings = folder.resolve(SETTINGS);
    if (Files.exists(settings) || Files.exists(folder.resolve("metadata/1.root.json"))) {
      throw new RefusedException(new WouldOverwrite(folder.toString(), "a repository"));
    }
    Workspace workspace = new Workspace(folder, setup.lifetime());
    var document = JsonNodeFactory.instance.objectNode().put("format", FORMAT);
    document.put("lifetime_days", setup.lifetime().toDays());
    try {
      RoleSigner signer = new RoleSigner(workspace, now.truncatedTo(ChronoUnit.SECONDS));
      Root root = setup.root(signer.common(RoleName.ROOT, 1));
      DurableFiles.createFolders(folder.resolve("metadata"));
      DurableFiles.createFolders(folder.resolve("targets"));
      workspace.files().stage(RoleName.ROOT, Signed.of(root, List.of()));
      signer.countersignRoot(rootKeys);
      DurableFiles.write(settings, document.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new RefusedException(new FileFault(folder.toString(), e.toString()));
    }
    return workspace;
  }

  /** Whether a folder is a repository, not only a medium. */
  public static boolean isAt(Path folder) {
    return Files.exists(folder.resolve(SETTINGS));
  }

  /** A repository made earlier. */
  public static Workspace open(Path folder) throws RefusedException {
    try {
      Fields settings = Fields.of(StrictJson.parse(Files.readAllBytes(folder.resolve(SETTINGS))));
      settings.integer("format", FORMAT, FORMAT);
      return new Workspace(
          folder, Duration.ofDays(settings.integer("lifetime_days", 1, LIFETIME_DAYS_MAX)));
    } catch (IOException | JsonException e) {
      throw new RefusedException(
          new BadRepository(folder.toString(), SETTINGS + " cannot be read: " + e.getMessage()));
    }
  }

  public Path folder() {
    return folder;
  }

  /** Packs a folder. A package never changes: the same id with other content is refused. */
  public PackageManifest add(Path content, PackageId id, Instant created) throws RefusedException {
    return FileWork.in(
        folder,
        () -> {
          if (packages().containsKey(id.targetPath())) {
            throw new RefusedException(
                new WouldOverwrite(id.toString(), "a package of that version"));
          }
          if (!Files.isDirectory(content)) {
            throw new RefusedException(new FileFault(content.toString(), "not a folder"));
          }
          Instant second = created.truncatedTo(ChronoUnit.SECONDS);
          PackageManifest manifest = new Packer(folder).pack(content, id, second);
          byte[] bytes = manifest.encode();
          String name = "targets/" + Sha256.of(bytes) + "." + id.targetPath();
          DurableFiles.write(folder.resolve(name), bytes);
          return manifest;
        });
  }

  /**
   * Signs what the keys may sign: new versions where the content changed, further signatures where
   * it did not.
   *
   * @param keys by where each came from, which a refusal names
   * @param renew makes new versions even of unchanged roles, to put off their expiry
   */
  public void sign(Map<String, SigningKey> keys, Instant now, boolean renew)
      throws RefusedException {
    var _ =
        FileWork.in(
            folder,
            () -> {
              new RoleSigner(this, now.truncatedTo(ChronoUnit.SECONDS)).sign(keys, renew);
              return keys;
            });
  }

  /** Of every role the version in force and the one that waits for signatures, root first. */
  public List<RoleStatus> roles() throws RefusedException {
    return FileWork.in(
        folder,
        () -> {
          RepositoryState state = new RepositoryState(files);
          List<RoleStatus> found = new ArrayList<>();
          for (RoleName role : state.names()) {
            Authority authority = state.authority(role);
            Optional<Signed<?>> newest = files.findNewest(role);
            if (newest.isPresent()) {
              boolean root = role.equals(RoleName.ROOT);
              Authority now = root ? state.inForceRootAuthority() : authority;
              found.add(RoleStatus.of(role, false, newest.get(), now));
            }
            files
                .findStaged(role)
                .ifPresent(each -> found.add(RoleStatus.of(role, true, each, authority)));
          }
          return found;
        });
  }

  /** The roles in force, by name. */
  public Map<String, Role> inForce() throws RefusedException {
    return named(files::findNewest);
  }

  /** Those that wait for signatures, by name. */
  public Map<String, Role> waiting() throws RefusedException {
    return named(files::findStaged);
  }

  @FunctionalInterface
  private interface Finding {
    Optional<Signed<?>> find(RoleName role) throws RefusedException, IOException;
  }

  private Map<String, Role> named(Finding finding) throws RefusedException {
    return FileWork.in(
        folder,
        () -> {
          RepositoryState state = new RepositoryState(files);
          Set<RoleName> names = new LinkedHashSet<>(state.names());
          names.addAll(RepositoryState.names(state.inForceDelegations()));
          Map<String, Role> found = new LinkedHashMap<>();
          for (RoleName role : names) {
            finding.find(role).ifPresent(file -> found.put(role.text(), file.role()));
          }
          return found;
        });
  }

  /** The packages that were added and that no published role names, by target path. */
  public SortedSet<String> unsigned() throws RefusedException {
    return FileWork.in(
        folder,
        () -> {
          SortedMap<String, TargetFile> added = packages();
          if (files.findNewest(RoleName.TIMESTAMP).isPresent()) {
            added.entrySet().removeAll(PublishedMetadata.packages(files).entrySet());
          }
          return new TreeSet<>(added.keySet());
        });
  }

  /** The digest that customers need; once the first root is signed. */
  public Sha256 firstRoot() throws RefusedException {
    try {
      return Sha256.of(Files.readAllBytes(files.file(RoleName.ROOT, 1)));
    } catch (IOException e) {
      throw new RefusedException(
          new BadRepository(folder.toString(), "root is not signed to its threshold yet"));
    }
  }

  RoleFiles files() {
    return files;
  }

  Duration lifetime() {
    return lifetime;
  }

  Path metadata(String name) {
    return folder.resolve("metadata").resolve(name);
  }

  /** The packages added so far, by target path. */
  SortedMap<String, TargetFile> packages() throws RefusedException, IOException {
    return AddedPackages.read(folder);
  }
}
