package io.cloister.repo.trust;

import io.cloister.repo.RefusedException;
import io.cloister.repo.TrustRefusal;
import io.cloister.repo.keys.Tally;
import io.cloister.repo.metadata.Key;
import io.cloister.repo.metadata.RoleKeys;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.metadata.Root;
import io.cloister.repo.metadata.Signed;
import java.util.List;
import java.util.Map;

/**
 * Who may sign a role.
 *
 * @param role its name
 * @param statedBy the document that says so, e.g. {@code root version 3}
 * @param keys by id, of that document
 */
record Signers(
    String role,
    String statedBy,
    Map<String, Key> keys,
    RoleKeys roleKeys,
    SignaturePolicy policy) {

  static Signers of(RoleType type, Root root, SignaturePolicy policy) {
    return new Signers(
        type.toString(), "root version " + root.version(), root.keys(), root.keysOf(type), policy);
  }

  boolean haveSigned(Signed<?> file) {
    Tally tally = Tally.count(file, keys, roleKeys);
    return tally.isReached() && policy.isMetBy(tally);
  }

  /** Refuses what none of the keys signed. */
  void checkKept(Signed<?> file, String name) throws RefusedException {
    Tally tally = Tally.count(file, keys, roleKeys);
    if (tally.keyIds().isEmpty()) {
      throw below(tally, name);
    }
  }

  private RefusedException below(Tally tally, String name) {
    return new RefusedException(
        new TrustRefusal.BelowThreshold(
            role, name, statedBy, tally.required(), tally.keyIds().size(), tally.faults()));
  }

  /** The ids of the keys that signed validly. */
  List<String> check(Signed<?> file, String name) throws RefusedException {
    Tally tally = Tally.count(file, keys, roleKeys);
    if (!tally.isReached()) {
      throw below(tally, name);
    }
    if (!policy.isMetBy(tally)) {
      List<String> kinds = tally.kinds().stream().map(Object::toString).sorted().toList();
      throw new RefusedException(
          new TrustRefusal.NotPostQuantum(role, name, statedBy, kinds, tally.faults()));
    }
    return tally.keyIds();
  }
}
