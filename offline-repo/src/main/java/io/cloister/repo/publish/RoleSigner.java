package io.cloister.repo.publish;

import io.cloister.repo.RefusedException;
import io.cloister.repo.VendorRefusal.BadRepository;
import io.cloister.repo.VendorRefusal.UnknownKey;
import io.cloister.repo.content.DurableFiles;
import io.cloister.repo.keys.SigningKey;
import io.cloister.repo.metadata.Common;
import io.cloister.repo.metadata.FileMeta;
import io.cloister.repo.metadata.Role;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.metadata.Root;
import io.cloister.repo.metadata.Signature;
import io.cloister.repo.metadata.Signed;
import io.cloister.repo.metadata.Snapshot;
import io.cloister.repo.metadata.Targets;
import io.cloister.repo.metadata.Targets.TargetFile;
import io.cloister.repo.metadata.Timestamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes the next targets, snapshot and timestamp of a repository, in that order. */
final class RoleSigner {
  private final Workspace workspace;
  private final Map<Path, SigningKey> keys;
  private final Instant now;
  private final boolean renew;
  private final Root root;

  RoleSigner(Workspace workspace, Map<Path, SigningKey> keys, Instant now, boolean renew)
      throws RefusedException, IOException {
    this.workspace = workspace;
    this.keys = new LinkedHashMap<>(keys);
    this.now = now;
    this.renew = renew;
    this.root = root(workspace);
  }

  private static Root root(Workspace workspace) throws RefusedException, IOException {
    String name = workspace.newestVersion(RoleType.ROOT) + ".root.json";
    return Signed.parseRoot(Files.readAllBytes(workspace.metadata(name)), name).role();
  }

  static List<RoleStatus> roles(Workspace workspace) throws RefusedException, IOException {
    Root root = root(workspace);
    List<RoleStatus> found = new ArrayList<>();
    for (RoleType type : List.of(RoleType.TARGETS, RoleType.SNAPSHOT, RoleType.TIMESTAMP)) {
      boolean numbered = type != RoleType.TIMESTAMP;
      String name = (numbered ? workspace.newestVersion(type) + "." : "") + type.fileName();
      Path file = workspace.metadata(name);
      if (Files.exists(file)) {
        found.add(RoleStatus.of(parse(type, Files.readAllBytes(file), name), root));
      }
    }
    return found;
  }

  private static Signed<?> parse(RoleType type, byte[] bytes, String name) throws RefusedException {
    return switch (type) {
      case ROOT -> Signed.parseRoot(bytes, name);
      case TARGETS -> Signed.parseTargets(bytes, name);
      case SNAPSHOT -> Signed.parseSnapshot(bytes, name);
      case TIMESTAMP -> Signed.parseTimestamp(bytes, name);
    };
  }

  void sign() throws RefusedException, IOException {
    checkKeysAreKnown();
    byte[] targets = signTargets();
    long targetsVersion = workspace.newestVersion(RoleType.TARGETS);
    if (signers(RoleType.SNAPSHOT).isEmpty() && signers(RoleType.TIMESTAMP).isEmpty()) {
      return;
    }
    byte[] snapshot = signSnapshot(FileMeta.of(targetsVersion, targets));
    if (signers(RoleType.TIMESTAMP).isEmpty()) {
      return;
    }
    signTimestamp(FileMeta.of(workspace.newestVersion(RoleType.SNAPSHOT), snapshot));
  }

  private byte[] signTargets() throws RefusedException, IOException {
    long version = workspace.newestVersion(RoleType.TARGETS);
    Map<String, TargetFile> packages = workspace.packages();
    Optional<Signed<Targets>> old = Optional.empty();
    if (version > 0) {
      String name = version + ".targets.json";
      old = Optional.of(Signed.parseTargets(Files.readAllBytes(workspace.metadata(name)), name));
    }
    if (old.isPresent()
        && !isRenewed(RoleType.TARGETS)
        && old.get().role().targets().equals(packages)) {
      return countersign(old.get(), version + ".targets.json");
    }
    Targets next = new Targets(common(version + 1), packages);
    return write(next, (version + 1) + ".targets.json");
  }

  private byte[] signSnapshot(FileMeta targets) throws RefusedException, IOException {
    long version = workspace.newestVersion(RoleType.SNAPSHOT);
    if (version > 0) {
      String name = version + ".snapshot.json";
      Signed<Snapshot> old =
          Signed.parseSnapshot(Files.readAllBytes(workspace.metadata(name)), name);
      if (!isRenewed(RoleType.SNAPSHOT) && old.role().targets().equals(targets)) {
        return countersign(old, name);
      }
    }
    Map<String, FileMeta> meta = Map.of(RoleType.TARGETS.fileName(), targets);
    return write(new Snapshot(common(version + 1), meta), (version + 1) + ".snapshot.json");
  }

  private void signTimestamp(FileMeta snapshot) throws RefusedException, IOException {
    String name = RoleType.TIMESTAMP.fileName();
    Path file = workspace.metadata(name);
    long version = 0;
    if (Files.exists(file)) {
      Signed<Timestamp> old = Signed.parseTimestamp(Files.readAllBytes(file), name);
      version = old.version();
      if (!isRenewed(RoleType.TIMESTAMP) && old.role().snapshot().equals(snapshot)) {
        countersign(old, name);
        return;
      }
    }
    write(new Timestamp(common(version + 1), snapshot), name);
  }

  private boolean isRenewed(RoleType type) {
    return renew && !signers(type).isEmpty();
  }

  private Common common(long version) {
    return Common.of(version, now, now.plus(workspace.lifetime()));
  }

  private byte[] write(Role role, String name) throws RefusedException, IOException {
    if (signers(role.type()).isEmpty()) {
      throw new RefusedException(
          new BadRepository(
              workspace.folder().toString(),
              "%s changed and no key of that role was given".formatted(role.type())));
    }
    byte[] message = Signed.of(role, List.of()).canonical();
    List<Signature> signatures =
        signers(role.type()).stream().map(key -> key.sign(message)).toList();
    return write(Signed.of(role, signatures), name);
  }

  /** A second person signs the same version, perhaps on another machine. */
  private byte[] countersign(Signed<?> file, String name) throws IOException {
    List<Signature> signatures = new ArrayList<>(file.signatures());
    for (SigningKey key : signers(file.role().type())) {
      if (signatures.stream().noneMatch(each -> each.keyId().equals(key.key().id()))) {
        signatures.add(key.sign(file.canonical()));
      }
    }
    return signatures.size() == file.signatures().size()
        ? file.bytes()
        : write(file.withSignatures(signatures), name);
  }

  private byte[] write(Signed<?> file, String name) throws IOException {
    DurableFiles.write(workspace.metadata(name), file.bytes());
    return file.bytes();
  }

  private List<SigningKey> signers(RoleType type) {
    List<String> ids = root.keysOf(type).keyIds();
    return keys.values().stream().filter(key -> ids.contains(key.key().id())).toList();
  }

  private void checkKeysAreKnown() throws RefusedException {
    for (Map.Entry<Path, SigningKey> file : keys.entrySet()) {
      String id = file.getValue().key().id();
      if (!root.keys().containsKey(id)) {
        String known = root.keys().keySet().stream().sorted().collect(Collectors.joining(", "));
        throw new RefusedException(new UnknownKey(file.getKey().toString(), id, known));
      }
    }
  }
}
