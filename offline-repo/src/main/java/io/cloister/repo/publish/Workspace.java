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
import io.cloister.repo.metadata.Common;
import io.cloister.repo.metadata.Fields;
import io.cloister.repo.metadata.JsonException;
import io.cloister.repo.metadata.Key;
import io.cloister.repo.metadata.RoleKeys;
import io.cloister.repo.metadata.RoleType;
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
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The vendor's working folder: a repository in the layout of a medium, growing over the years, and
 * {@code repository.json} with how long signatures last.
 */
public final class Workspace {
  private static final String SETTINGS = "repository.json";
  private static final int FORMAT = 1;
  private static final int DIGEST_DIGITS = 64;

  /** A root is renewed by a ceremony, so it lasts longer than the roles it names. */
  private static final int ROOT_FACTOR = 5;

  private final Path folder;
  private final Duration lifetime;

  private Workspace(Path folder, Duration lifetime) {
    this.folder = folder;
    this.lifetime = lifetime;
  }

  /**
   * Makes a repository with version 1 of root, signed by the root keys given.
   *
   * @param keys for each role at least one; every one of them must sign
   * @param lifetime of targets, snapshot and timestamp
   */
  public static Workspace create(
      Path folder, Map<RoleType, List<SigningKey>> keys, Duration lifetime, Instant now)
      throws RefusedException {
    Path settings = folder.resolve(SETTINGS);
    if (Files.exists(settings)) {
      throw new RefusedException(new WouldOverwrite(folder.toString(), "a repository"));
    }
    Instant signedAt = now.truncatedTo(ChronoUnit.SECONDS);
    Instant expires = signedAt.plus(lifetime.multipliedBy(ROOT_FACTOR));
    Root root = root(keys, Common.of(1, signedAt, expires));
    byte[] message = Signed.of(root, List.of()).canonical();
    Signed<Root> signed =
        Signed.of(
            root,
            keys.getOrDefault(RoleType.ROOT, List.of()).stream()
                .map(key -> key.sign(message))
                .toList());
    var document = JsonNodeFactory.instance.objectNode().put("format", FORMAT);
    document.put("lifetime_days", lifetime.toDays());
    try {
      DurableFiles.createFolders(folder.resolve("metadata"));
      DurableFiles.createFolders(folder.resolve("targets"));
      DurableFiles.write(folder.resolve("metadata/1.root.json"), signed.bytes());
      DurableFiles.write(settings, document.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new RefusedException(new FileFault(folder.toString(), e.toString()));
    }
    return new Workspace(folder, lifetime);
  }

  private static Root root(Map<RoleType, List<SigningKey>> byRole, Common common) {
    Map<String, Key> keys = new LinkedHashMap<>();
    Map<RoleType, RoleKeys> roles = new EnumMap<>(RoleType.class);
    byRole.forEach(
        (type, signers) -> {
          List<String> ids = signers.stream().map(each -> each.key().id()).toList();
          signers.forEach(each -> keys.put(each.key().id(), each.key()));
          roles.put(type, new RoleKeys(ids.size(), ids));
        });
    return new Root(common, true, keys, roles);
  }

  /** A repository made earlier. */
  public static Workspace open(Path folder) throws RefusedException {
    try {
      Fields settings = Fields.of(StrictJson.parse(Files.readAllBytes(folder.resolve(SETTINGS))));
      settings.integer("format", FORMAT, FORMAT);
      return new Workspace(folder, Duration.ofDays(settings.integer("lifetime_days", 1, 36_500)));
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
    try {
      if (packages().containsKey(id.targetPath())) {
        throw new RefusedException(new WouldOverwrite(id.toString(), "a package of that version"));
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
    } catch (IOException e) {
      throw new RefusedException(new FileFault(folder.toString(), e.toString()));
    }
  }

  /**
   * Signs what the keys may sign: new versions where the content changed, further signatures where
   * it did not.
   *
   * @param keys by the file each came from, which a refusal names
   * @param renew makes new versions even of unchanged roles, to put off their expiry
   */
  public void sign(Map<Path, SigningKey> keys, Instant now, boolean renew) throws RefusedException {
    try {
      new RoleSigner(this, keys, now.truncatedTo(ChronoUnit.SECONDS), renew).sign();
    } catch (IOException e) {
      throw new RefusedException(new FileFault(folder.toString(), e.toString()));
    }
  }

  /** Of the roles signed so far, targets first. */
  public List<RoleStatus> roles() throws RefusedException {
    try {
      return RoleSigner.roles(this);
    } catch (IOException e) {
      throw new RefusedException(new FileFault(folder.toString(), e.toString()));
    }
  }

  Duration lifetime() {
    return lifetime;
  }

  Path metadata(String name) {
    return folder.resolve("metadata").resolve(name);
  }

  /** The highest version of a role's numbered files; 0 where there is none. */
  long newestVersion(RoleType type) throws IOException {
    String ending = "." + type.fileName();
    try (Stream<Path> files = Files.list(folder.resolve("metadata"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(ending))
          .mapToLong(name -> Long.parseLong(name.substring(0, name.length() - ending.length())))
          .max()
          .orElse(0);
    }
  }

  /** The packages added so far, by target path. */
  SortedMap<String, TargetFile> packages() throws IOException {
    SortedMap<String, TargetFile> packages = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder.resolve("targets"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".json")).toList()) {
        String path = file.getFileName().toString().substring(DIGEST_DIGITS + 1);
        packages.put(path, TargetFile.of(Files.readAllBytes(file)));
      }
    }
    return packages;
  }
}
