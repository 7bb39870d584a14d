package io.cloister.repo.vectors;

import static io.cloister.repo.testing.SigningRepository.NOW;
import static io.cloister.repo.testing.SigningRepository.key;
import static io.cloister.repo.vectors.Recipe.accepted;
import static io.cloister.repo.vectors.Recipe.refused;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.testing.Delegation;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** What came before and what is over: versions, the chain of roots, expiry. */
final class HistoryRecipes {
  private static final String NEWER_TARGETS = "accepted-newer-targets";

  private HistoryRecipes() {}

  static Stream<Recipe> all() {
    return Stream.of(expiry(), versions(), roots()).flatMap(each -> each);
  }

  private static Stream<Recipe> expiry() {
    return Stream.of(
        accepted(
            "accepted-expires-next-second",
            "no fault: timestamp expires a second after the clock",
            expires(NOW.plusSeconds(1))),
        metadata(
            "expires-now",
            "TRUST-EXPIRED",
            "timestamp expires in the second that the clock shows",
            expires(NOW)));
  }

  private static Recipe.Spoil expires(Instant time) {
    return m -> m.edit(RoleType.TIMESTAMP, role -> role.put("expires", time.toString()));
  }

  private static Stream<Recipe> versions() {
    return Stream.of(
        accepted(
            NEWER_TARGETS,
            "no fault: targets, and with it snapshot and timestamp, one version on",
            m -> m.edit(RoleType.TARGETS, role -> role.put("version", 2))),
        metadata(
                "targets-rollback",
                "TRUST-ROLLBACK",
                "a newer snapshot states an older version of targets than the one accepted before",
                m -> {
                  m.edit(RoleType.SNAPSHOT, role -> role.put("version", 3));
                  m.edit(RoleType.TIMESTAMP, role -> role.put("version", 3));
                })
            .after(NEWER_TARGETS),
        metadata(
                "snapshot-rollback",
                "TRUST-ROLLBACK",
                "a newer timestamp states an older version of snapshot than the one accepted before",
                m -> m.edit(RoleType.TIMESTAMP, role -> role.put("version", 3)))
            .after(NEWER_TARGETS),
        metadata(
                "snapshot-forgets-role",
                "TRUST-ROLLBACK",
                "a newer snapshot does not name a delegated role that the one before named",
                m -> {
                  m.delegate(List.of(models()));
                  m.edit(RoleType.SNAPSHOT, HistoryRecipes::forget);
                })
            .after("accepted-delegated-pattern"));
  }

  private static Delegation models() {
    return Delegation.of("models", key(7))
        .naming()
        .with(entry -> entry.put("terminating", false).putArray("paths").add("model-*"));
  }

  private static void forget(ObjectNode snapshot) {
    ((ObjectNode) snapshot.get("meta")).remove("models.json");
    snapshot.put("version", snapshot.get("version").asLong() + 1);
  }

  private static Stream<Recipe> roots() {
    return Stream.of(
        accepted(
            "accepted-root-gap",
            "no fault: root 3 without root 2 is not looked at; root 1 proves the rest",
            m -> {
              m.rotate(RoleType.ROOT, key(7)).rotate(RoleType.ROOT, key(8));
              Files.delete(m.medium().resolve("metadata/2.root.json"));
              m.sum();
            }),
        metadata(
            "root-gap",
            "TRUST-THRESHOLD",
            "root 2 is missing, and timestamp is signed by a key that only root 3 names",
            m -> {
              m.rotate(RoleType.TIMESTAMP, key(7)).rotate(RoleType.TIMESTAMP, key(8));
              Files.delete(m.medium().resolve("metadata/2.root.json"));
            }),
        metadata(
            "root-skips-version",
            "TRUST-VERSION",
            "2.root.json says that it is version 3",
            m -> {
              m.rotate(RoleType.TARGETS, key(7));
              m.edit(RoleType.ROOT, role -> role.put("version", 3));
              Files.move(m.file(RoleType.ROOT), m.medium().resolve("metadata/2.root.json"));
            }));
  }

  private static Recipe metadata(String name, String code, String fault, Recipe.Spoil spoil) {
    return refused("metadata", "metadata-" + name, code, fault, spoil);
  }
}
