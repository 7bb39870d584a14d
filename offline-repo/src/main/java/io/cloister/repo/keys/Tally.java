package io.cloister.repo.keys;

import io.cloister.repo.metadata.Key;
import io.cloister.repo.metadata.RoleKeys;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.metadata.Root;
import io.cloister.repo.metadata.Signature;
import io.cloister.repo.metadata.Signed;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Valid signatures on a file, counted over different keys.
 *
 * @param required the threshold
 * @param keyIds of the keys that signed validly
 * @param kinds of those keys
 * @param faults one line for each signature that does not count
 */
public record Tally(int required, List<String> keyIds, Set<KeyKind> kinds, List<String> faults) {
  public Tally {
    keyIds = List.copyOf(keyIds);
    kinds = Set.copyOf(kinds);
    faults = List.copyOf(faults);
  }

  public boolean isReached() {
    return keyIds.size() >= required;
  }

  /** Counts the signatures that {@code root} lets count for the role {@code type}. */
  public static Tally count(Signed<?> file, Root root, RoleType type) {
    return count(file, root.keys(), root.keysOf(type));
  }

  /**
   * Counts the signatures of a role's keys.
   *
   * @param keys by id, of the document that names the role
   */
  public static Tally count(Signed<?> file, Map<String, Key> keys, RoleKeys role) {
    byte[] message = file.canonical();
    // TUF 1.0.34 §5.3.4: the same key under two ids, or spelt twice, counts once.
    Set<KeyIdentity> counted = new HashSet<>();
    List<String> keyIds = new ArrayList<>();
    Set<KeyKind> kinds = EnumSet.noneOf(KeyKind.class);
    List<String> faults = new ArrayList<>();
    for (Signature signature : file.signatures()) {
      try {
        VerifyingKey key = signer(signature, keys, role);
        key.verify(message, signature.sig());
        if (!counted.add(KeyIdentity.of(key))) {
          throw new IllegalArgumentException("the same key signed already");
        }
        keyIds.add(signature.keyId());
        kinds.add(key.kind());
      } catch (IllegalArgumentException e) {
        faults.add(shortened(signature.keyId()) + ": " + e.getMessage());
      }
    }
    if (file.signatures().isEmpty()) {
      faults.add("unsigned");
    }
    return new Tally(role.threshold(), keyIds, kinds, faults);
  }

  private static VerifyingKey signer(Signature signature, Map<String, Key> keys, RoleKeys role) {
    Key key = keys.get(signature.keyId());
    if (key == null || !role.keyIds().contains(signature.keyId())) {
      throw new IllegalArgumentException("not a key of this role");
    }
    return VerifyingKey.parse(key);
  }

  private static String shortened(String keyId) {
    return keyId.length() <= 16 ? keyId : keyId.substring(0, 16) + "…";
  }
}
