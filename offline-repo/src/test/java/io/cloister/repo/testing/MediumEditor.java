package io.cloister.repo.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.repo.content.PackageId;
import io.cloister.repo.keys.SigningKey;
import io.cloister.repo.media.Sha256Sums;
import io.cloister.repo.metadata.CanonicalJson;
import io.cloister.repo.metadata.DelegatedRole;
import io.cloister.repo.metadata.JsonException;
import io.cloister.repo.metadata.Key;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.metadata.Sha256;
import io.cloister.repo.metadata.StrictJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Changes a published medium as a mistaken or malicious vendor with the right keys would. */
public final class MediumEditor {
  private final Path medium;
  private final Map<RoleType, List<SigningKey>> keys;

  MediumEditor(Path medium, Map<RoleType, List<SigningKey>> keys) {
    this.medium = medium;
    this.keys = new EnumMap<>(keys);
  }

  public Path medium() {
    return medium;
  }

  /** Changes the signed part of a role, signs it with its keys, and all roles above it too. */
  public MediumEditor edit(RoleType type, Consumer<ObjectNode> change)
      throws IOException, JsonException {
    return edit(type, change, keys.getOrDefault(type, List.of()));
  }

  /** Likewise, signed by whoever. */
  public MediumEditor edit(RoleType type, Consumer<ObjectNode> change, List<SigningKey> signers)
      throws IOException, JsonException {
    ObjectNode signed = signed(type);
    Files.delete(file(type));
    change.accept(signed);
    byte[] bytes = encode(signed, signers);
    long version = signed.get("version").asLong();
    String prefix = type == RoleType.TIMESTAMP ? "" : version + ".";
    write("metadata/" + prefix + type.fileName(), bytes);
    switch (type) {
      case TARGETS -> edit(RoleType.SNAPSHOT, above -> state(above, type, version, bytes));
      case SNAPSHOT -> edit(RoleType.TIMESTAMP, above -> state(above, type, version, bytes));
      case ROOT, TIMESTAMP -> sum();
    }
    return this;
  }

  /** Puts the bytes of a manifest, properly signed whatever they are. */
  public MediumEditor replaceManifest(PackageId id, byte[] manifest)
      throws IOException, JsonException {
    String digest = Sha256.of(manifest).hex();
    write("targets/" + digest + "." + id.targetPath(), manifest);
    return edit(
        RoleType.TARGETS,
        targets -> {
          ObjectNode target = ((ObjectNode) targets.get("targets")).putObject(id.targetPath());
          target.put("length", manifest.length).putObject("hashes").put("sha256", digest);
        });
  }

  /** Hands the packages whose path matches to a new role, as its key would sign them. */
  public MediumEditor delegate(String role, String pattern, SigningKey key)
      throws IOException, JsonException {
    return delegate(
        List.of(
            Delegation.of(role, key)
                .naming()
                .with(entry -> entry.put("terminating", true).putArray("paths").add(pattern))));
  }

  /** Takes all packages from targets, and delegates to new roles in this order. */
  public MediumEditor delegate(List<Delegation> delegations) throws IOException, JsonException {
    ObjectNode naming = signed(RoleType.TARGETS);
    long version = naming.get("version").asLong();
    for (Delegation each : delegations) {
      ObjectNode signed = naming.deepCopy();
      if (!each.names()) {
        signed.putObject("targets");
      }
      String file = DelegatedRole.fileName(each.role());
      write("metadata/" + version + "." + file, encode(signed, each.signers()));
    }
    edit(RoleType.TARGETS, targets -> delegate(targets, delegations));
    return edit(
        RoleType.SNAPSHOT,
        snapshot -> {
          ObjectNode meta = (ObjectNode) snapshot.get("meta");
          delegations.forEach(
              each -> meta.putObject(each.role() + ".json").put("version", version));
        });
  }

  private static void delegate(ObjectNode targets, List<Delegation> delegations) {
    targets.putObject("targets");
    ObjectNode node = targets.putObject("delegations");
    ObjectNode keys = node.putObject("keys");
    ArrayNode roles = node.putArray("roles");
    for (Delegation each : delegations) {
      ObjectNode entry = roles.addObject().put("name", each.role());
      ArrayNode ids = entry.put("threshold", each.keys().size()).putArray("keyids");
      for (SigningKey key : each.keys()) {
        keys.set(key.key().id(), keyNode(key.key()));
        ids.add(key.key().id());
      }
      each.rule().accept(entry);
    }
  }

  /** Stores a blob under its true name. */
  public Sha256 putBlob(byte[] bytes) throws IOException {
    Sha256 digest = Sha256.of(bytes);
    write("blobs/sha256/" + digest.hex().substring(0, 2) + "/" + digest, bytes);
    return digest;
  }

  /** Adds the next root, naming one new key for a role, signed by the old root keys and the new. */
  public MediumEditor rotate(RoleType type, SigningKey next) throws IOException, JsonException {
    return rekey(type, List.of(next));
  }

  /** Likewise for several keys, all of which must sign from then on. */
  public MediumEditor rekey(RoleType type, List<SigningKey> next)
      throws IOException, JsonException {
    List<SigningKey> old = keys.getOrDefault(RoleType.ROOT, List.of());
    ObjectNode signed = signed(RoleType.ROOT);
    long version = signed.get("version").asLong() + 1;
    signed.put("version", version);
    ObjectNode role = (ObjectNode) signed.get("roles").get(type.toString());
    ArrayNode ids = role.put("threshold", next.size()).putArray("keyids");
    for (SigningKey each : next) {
      ((ObjectNode) signed.get("keys")).set(each.key().id(), keyNode(each.key()));
      ids.add(each.key().id());
    }
    keys.put(type, next);
    List<SigningKey> signers =
        type == RoleType.ROOT ? Stream.concat(old.stream(), next.stream()).toList() : old;
    write("metadata/" + version + ".root.json", encode(signed, signers));
    return type == RoleType.ROOT ? sum() : edit(type, same -> {});
  }

  /** Brings SHA256SUMS up to date. */
  public MediumEditor sum() throws IOException {
    Map<String, Sha256> sums = new TreeMap<>();
    try (Stream<Path> files = Files.walk(medium)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = medium.relativize(file).toString();
        if (!name.startsWith("blobs") && !name.startsWith("targets") && !name.equals(SUMS)) {
          sums.put(name, Sha256.of(Files.readAllBytes(file)));
        }
      }
    }
    Files.write(medium.resolve(SUMS), new Sha256Sums(new TreeMap<>(sums)).encode());
    return this;
  }

  private static final String SUMS = Sha256Sums.FILE;

  /** The newest file of a role. */
  public Path file(RoleType type) throws IOException {
    if (type == RoleType.TIMESTAMP) {
      return medium.resolve("metadata/timestamp.json");
    }
    try (Stream<Path> files = Files.list(medium.resolve("metadata"))) {
      return files
          .filter(file -> file.toString().endsWith("." + type.fileName()))
          .max(
              java.util.Comparator.comparingLong(
                  file -> Long.parseLong(file.getFileName().toString().split("\\.", -1)[0])))
          .orElseThrow();
    }
  }

  private ObjectNode signed(RoleType type) throws IOException, JsonException {
    return (ObjectNode) StrictJson.parse(Files.readAllBytes(file(type))).get("signed");
  }

  /** The role above gets a new version too: an equal one would be taken for the old file. */
  private static void state(ObjectNode above, RoleType type, long version, byte[] bytes) {
    above.put("version", above.get("version").asLong() + 1);
    ObjectNode meta = ((ObjectNode) above.get("meta")).putObject(type.fileName());
    meta.put("version", version).put("length", bytes.length);
    meta.putObject("hashes").put("sha256", Sha256.of(bytes).hex());
  }

  private static JsonNode keyNode(Key key) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("keytype", key.keytype()).put("scheme", key.scheme());
    node.putObject("keyval").put("public", key.publicValue());
    return node;
  }

  private static byte[] encode(ObjectNode signed, List<SigningKey> signers) throws JsonException {
    byte[] message = CanonicalJson.encode(signed);
    ObjectNode file = JsonNodeFactory.instance.objectNode();
    ArrayNode signatures = file.putArray("signatures");
    for (SigningKey signer : signers) {
      var signature = signer.sign(message);
      signatures.addObject().put("keyid", signature.keyId()).put("sig", signature.sig());
    }
    file.set("signed", signed);
    return CanonicalJson.encode(file);
  }

  private void write(String name, byte[] bytes) throws IOException {
    Path path = medium.resolve(name);
    Files.createDirectories(path.resolveSibling(".").normalize());
    Files.write(path, bytes);
  }
}
