package io.cloister.repo.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.repo.RefusedException;
import io.cloister.repo.TrustRefusal.MalformedMetadata;
import io.cloister.repo.TrustRefusal.WrongType;
import io.cloister.repo.VendorRefusal.BadRoleFile;
import io.cloister.repo.VendorRefusal.UnknownKey;
import io.cloister.repo.VendorRefusal.UnknownRole;
import io.cloister.repo.keys.SigningKey;
import io.cloister.repo.keys.Tally;
import io.cloister.repo.metadata.CanonicalJson;
import io.cloister.repo.metadata.Delegations;
import io.cloister.repo.metadata.Fields;
import io.cloister.repo.metadata.JsonException;
import io.cloister.repo.metadata.Key;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.metadata.Root;
import io.cloister.repo.metadata.Signed;
import io.cloister.repo.metadata.Snapshot;
import io.cloister.repo.metadata.StrictJson;
import io.cloister.repo.metadata.Targets;
import io.cloister.repo.metadata.Timestamp;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A role on its way to the machine where a key lies, and back: the metadata file itself, with three
 * more fields beside {@code signatures} and {@code signed}. Other tools may sign it too; they see a
 * metadata file.
 *
 * @param next what is signed, with the signatures it has so far
 * @param previous the version before, {@code previous} in the file; what changes is told by it
 * @param delegator who says which keys count, {@code delegator} in the file: a root, or the targets
 *     that delegate; absent for root, which says so itself
 */
public record RoleFile(
    RoleName role, Signed<?> next, Optional<Signed<?>> previous, Optional<Signed<?>> delegator) {

  /**
   * Refuses what is malformed, what would not be shown, and a root that does not follow a properly
   * signed one.
   */
  public static RoleFile parse(byte[] bytes, String file) throws RefusedException {
    try {
      Fields document = Fields.of(StrictJson.parse(bytes));
      RoleName role = new RoleName(document.text("role"));
      RoleType above = role.topLevel().isEmpty() ? RoleType.TARGETS : RoleType.ROOT;
      RoleFile found =
          new RoleFile(
              role,
              RoleFiles.parse(role.form(), bytes, file),
              part(document, "previous", role.form(), file),
              part(document, "delegator", above, file));
      found.check();
      return found;
    } catch (JsonException | IllegalArgumentException e) {
      throw new RefusedException(new BadRoleFile(file, String.valueOf(e.getMessage())));
    } catch (RefusedException e) {
      throw switch (e.refusal()) {
        case MalformedMetadata it -> new RefusedException(new BadRoleFile(it.file(), it.fault()));
        case WrongType it ->
            new RefusedException(
                new BadRoleFile(it.file(), "%s, not %s".formatted(it.actual(), it.expected())));
        default -> e;
      };
    }
  }

  private static Optional<Signed<?>> part(Fields document, String name, RoleType form, String file)
      throws JsonException, RefusedException {
    return document.has(name)
        ? Optional.of(RoleFiles.parse(form, encoded(document.value(name)), file + ", " + name))
        : Optional.empty();
  }

  private static byte[] encoded(JsonNode value) throws JsonException {
    return CanonicalJson.escaped(CanonicalJson.encode(value));
  }

  private void check() throws RefusedException {
    boolean isRoot = role.equals(RoleName.ROOT);
    if (isRoot == delegator.isPresent()) {
      throw new IllegalArgumentException("delegator is there for every role but root");
    }
    long before = previous.map(Signed::version).orElse(0L);
    if (next.version() != before + 1) {
      throw new IllegalArgumentException(
          "version %d does not follow version %d".formatted(next.version(), before));
    }
    checkShown();
    checkKeyIds(next);
    if (previous.isPresent()) {
      checkKeyIds(previous.get());
    }
    if (delegator.isPresent()) {
      checkKeyIds(delegator.get());
    }
    if (isRoot && previous.isPresent()) {
      Tally tally = Tally.count(previous.get(), (Root) previous.get().role(), RoleType.ROOT);
      if (!tally.isReached()) {
        throw new IllegalArgumentException(
            "previous has %d of %d signatures: %s"
                .formatted(tally.keyIds().size(), tally.required(), tally.faults()));
      }
    }
    authority();
  }

  /**
   * Nobody signs what this tool would not show: whoever has the machine that exports could slip it
   * in, and another client might act on it.
   */
  private void checkShown() {
    try {
      byte[] shown = CanonicalJson.encode(next.role().encode());
      if (!next.role().common().unknown().isEmpty() || !Arrays.equals(shown, next.canonical())) {
        throw new IllegalArgumentException("signed holds fields that this tool does not know");
      }
    } catch (JsonException e) {
      throw new IllegalStateException("metadata that was parsed once", e);
    }
    if (next.role() instanceof Root root && !root.consistentSnapshot()) {
      throw new IllegalArgumentException("consistent_snapshot is false");
    }
    if (next.role() instanceof Targets targets
        && targets.targets().values().stream().anyMatch(each -> each.custom().isPresent())) {
      throw new IllegalArgumentException("a target has the field custom, which is not shown");
    }
  }

  /**
   * A person compares ids, and a client keys (ADR 7): another key under an id that was there would
   * be signed unseen. Every id that this tool writes is its key's own.
   */
  private static void checkKeyIds(Signed<?> file) {
    Map<String, Key> keys =
        switch (file.role()) {
          case Root root -> root.keys();
          case Targets targets -> targets.delegations().map(Delegations::keys).orElse(Map.of());
          case Snapshot _, Timestamp _ -> Map.of();
        };
    keys.forEach(
        (id, key) -> {
          if (!id.equals(key.id())) {
            throw new IllegalArgumentException(
                "%s version %d has the key %s under the id %s"
                    .formatted(file.role().type(), file.version(), key.id(), id));
          }
        });
  }

  public Authority authority() throws RefusedException {
    if (role.equals(RoleName.ROOT)) {
      return Authority.ofNextRoot(previous.map(each -> (Root) each.role()), (Root) next.role());
    }
    return switch (delegator.orElseThrow().role()) {
      case Root root -> new Authority(List.of(Authority.of(root, role.topLevel().orElseThrow())));
      case Targets targets ->
          Authority.ofDelegated(targets, role)
              .orElseThrow(
                  () -> new RefusedException(new UnknownRole(role.text(), "those of delegator")));
      default -> throw new IllegalStateException("parsed as root or targets");
    };
  }

  public List<Change> changes() {
    return Change.between(previous.map(Signed::role), next.role());
  }

  /**
   * With further signatures, and without those that do not count: one under a keeper's id would
   * take the place of the keeper's own.
   *
   * @param keys by where each came from, which a refusal names
   */
  public RoleFile sign(Map<String, SigningKey> keys) throws RefusedException {
    Authority authority = authority();
    for (Map.Entry<String, SigningKey> source : keys.entrySet()) {
      String id = source.getValue().key().id();
      if (!authority.knows(id)) {
        Set<String> known = new LinkedHashSet<>();
        authority.demands().forEach(each -> known.addAll(each.role().keyIds()));
        throw new RefusedException(new UnknownKey(source.getKey(), id, String.join(", ", known)));
      }
    }
    Signed<?> valid = next.withSignatures(authority.valid(next));
    Signed<?> signed = RoleSigner.countersigned(valid, List.copyOf(keys.values()));
    return new RoleFile(role, signed, previous, delegator);
  }

  /** The file. */
  public byte[] encode() {
    try {
      ObjectNode document = (ObjectNode) StrictJson.parse(next.bytes());
      document.put("role", role.text());
      if (previous.isPresent()) {
        document.set("previous", StrictJson.parse(previous.get().bytes()));
      }
      if (delegator.isPresent()) {
        document.set("delegator", StrictJson.parse(delegator.get().bytes()));
      }
      return encoded(document);
    } catch (JsonException e) {
      throw new IllegalStateException("metadata that was parsed once", e);
    }
  }
}
