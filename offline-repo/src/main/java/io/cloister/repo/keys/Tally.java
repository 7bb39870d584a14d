package io.cloister.repo.keys;

import io.cloister.repo.metadata.Key;
import io.cloister.repo.metadata.RoleKeys;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.metadata.Root;
import io.cloister.repo.metadata.Signature;
import io.cloister.repo.metadata.Signed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Valid signatures on a file, counted over different keys.
 *
 * @param required the threshold
 * @param keyIds of the keys that signed validly
 * @param faults one line for each signature that does not count
 */
public record Tally(int required, List<String> keyIds, List<String> faults) {
  public Tally {
    keyIds = List.copyOf(keyIds);
    faults = List.copyOf(faults);
  }

  public boolean isReached() {
    return keyIds.size() >= required;
  }

  /** Counts the signatures that {@code root} lets count for the role {@code type}. */
  public static Tally count(Signed<?> file, Root root, RoleType type) {
    RoleKeys role = root.keysOf(type);
    byte[] message = file.canonical();
    // TUF 1.0.34 §5.3.4: the same key under two ids, or signing twice, counts once.
    Set<Key> counted = new HashSet<>();
    List<String> keyIds = new ArrayList<>();
    List<String> faults = new ArrayList<>();
    for (Signature signature : file.signatures()) {
      Key key = root.keys().get(signature.keyId());
      Optional<String> fault =
          key == null || !role.keyIds().contains(signature.keyId())
              ? Optional.of("not a key of this role")
              : PublicKeys.findFault(key, message, signature.sig());
      if (fault.isEmpty() && key != null && !counted.add(key.identity())) {
        fault = Optional.of("the same key signed already");
      }
      if (fault.isEmpty()) {
        keyIds.add(signature.keyId());
      } else {
        faults.add(shortened(signature.keyId()) + ": " + fault.get());
      }
    }
    if (file.signatures().isEmpty()) {
      faults.add("unsigned");
    }
    return new Tally(role.threshold(), keyIds, faults);
  }

  private static String shortened(String keyId) {
    return keyId.length() <= 16 ? keyId : keyId.substring(0, 16) + "…";
  }
}
