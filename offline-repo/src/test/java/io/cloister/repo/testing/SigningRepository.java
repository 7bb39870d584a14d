package io.cloister.repo.testing;

import io.cloister.repo.RefusedException;
import io.cloister.repo.client.Anchor;
import io.cloister.repo.client.TrustStore;
import io.cloister.repo.content.Kind;
import io.cloister.repo.content.PackageId;
import io.cloister.repo.content.Version;
import io.cloister.repo.keys.SigningKey;
import io.cloister.repo.metadata.Key;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.metadata.Sha256;
import io.cloister.repo.publish.Publication;
import io.cloister.repo.publish.PublishOptions;
import io.cloister.repo.publish.Published;
import io.cloister.repo.publish.RepositorySetup;
import io.cloister.repo.publish.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;

/** A vendor: keys, a repository, packages made of maps, and media. Equal use gives equal bytes. */
public final class SigningRepository {
  /** When everything is signed; {@link #LIFETIME} later it expires. */
  public static final Instant NOW = Instant.parse("2026-11-22T00:00:00Z");

  public static final Duration LIFETIME = Duration.ofDays(365);

  private final Path folder;
  private final Workspace workspace;
  private final Map<RoleType, List<SigningKey>> keys = new EnumMap<>(RoleType.class);
  private Instant now = NOW;

  private SigningRepository(Path folder, int keysPerRole) throws RefusedException {
    this.folder = folder;
    for (RoleType type : RoleType.values()) {
      List<SigningKey> signers = new ArrayList<>();
      for (int i = 0; i < keysPerRole; i++) {
        signers.add(key(31L * type.bytesMax() + i));
      }
      keys.put(type, signers);
    }
    this.workspace = workspace(folder.resolve("repository"), keys, LIFETIME, NOW);
  }

  /** A repository whose every role needs all its keys; the root is signed. */
  public static Workspace workspace(
      Path folder, Map<RoleType, List<SigningKey>> keys, Duration lifetime, Instant now)
      throws RefusedException {
    Map<RoleType, List<Key>> halves = new EnumMap<>(RoleType.class);
    keys.forEach((type, own) -> halves.put(type, own.stream().map(SigningKey::key).toList()));
    RepositorySetup setup = new RepositorySetup(halves, Map.of(), lifetime);
    return Workspace.create(folder, setup, keys.getOrDefault(RoleType.ROOT, List.of()), now);
  }

  /** One key for each role; the folder is scratch space. */
  public static SigningRepository create(Path folder) throws RefusedException {
    return new SigningRepository(folder, 1);
  }

  /** Several keys for each role, and all of them must sign. */
  public static SigningRepository create(Path folder, int keysPerRole) throws RefusedException {
    return new SigningRepository(folder, keysPerRole);
  }

  /** The same number gives the same key. */
  public static SigningKey key(long number) {
    try {
      SecureRandom random = SecureRandom.getInstance("SHA1PRNG");
      random.setSeed(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
      return SigningKey.generate(random);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  public static PackageId model(String name, String version) {
    return new PackageId(Kind.MODEL, name, Version.parse(version));
  }

  public static PackageId runtime(String version) {
    return new PackageId(Kind.RUNTIME, "linux-x64", Version.parse(version));
  }

  /** From now on things are signed at this time. */
  public SigningRepository at(Instant time) {
    now = time;
    return this;
  }

  /** Names that start with {@code bin/} are executable. */
  public SigningRepository add(PackageId id, Map<String, byte[]> files) throws RefusedException {
    Path content = folder.resolve("content").resolve(id.toString());
    try {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        Path path = content.resolve(file.getKey());
        Files.createDirectories(path.resolveSibling(".").normalize());
        Files.write(path, file.getValue());
        String mode = file.getKey().startsWith("bin/") ? "rwxr-xr-x" : "rw-r--r--";
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    workspace.add(content, id, now);
    return this;
  }

  /** Twelve files that do not compress, 4.8 MB together: enough for several volumes. */
  public SigningRepository addLarge(PackageId id) throws RefusedException {
    Map<String, byte[]> files = new HashMap<>();
    for (int i = 0; i < 12; i++) {
      byte[] part = new byte[400_000 + i];
      new Random(i).nextBytes(part);
      files.put("part-" + (char) ('a' + i), part);
    }
    return add(id, files);
  }

  /** Signs everything and writes a medium, with all checks a vendor's own tool makes. */
  public MediumEditor publish(Path medium) throws RefusedException {
    return publish(medium, Optional.empty());
  }

  /** With a bootstrap archive. */
  public MediumEditor publish(Path medium, Optional<Path> bootstrap) throws RefusedException {
    workspace.sign(byFile(), now, false);
    new Publication(workspace, now).publish(medium, bootstrap);
    return new MediumEditor(medium, keys);
  }

  /** In the form asked for. */
  public Published publish(Path out, PublishOptions options) throws RefusedException {
    workspace.sign(byFile(), now, false);
    return new Publication(workspace, now).publish(out, options);
  }

  /** Signs all roles again, one version on. */
  public SigningRepository renew() throws RefusedException {
    workspace.sign(byFile(), now, true);
    return this;
  }

  private Map<String, SigningKey> byFile() {
    return keys.values().stream()
        .flatMap(List::stream)
        .distinct()
        .collect(Collectors.toMap(key -> key.key().id(), key -> key, (one, _) -> one));
  }

  public List<SigningKey> keys(RoleType type) {
    return List.copyOf(keys.getOrDefault(type, List.of()));
  }

  /** What a customer got by letter. */
  public Anchor anchor() {
    try {
      Path first = workspace.folder().resolve("metadata/1.root.json");
      return new Anchor.RootDigest(Sha256.of(Files.readAllBytes(first)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public TrustStore trustInMemory() {
    return TrustStore.inMemory(anchor());
  }
}
