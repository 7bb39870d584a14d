package io.cloister.repo.vectors;

import static io.cloister.repo.testing.SigningRepository.key;
import static io.cloister.repo.vectors.Recipe.accepted;
import static io.cloister.repo.vectors.Recipe.refused;
import static io.cloister.repo.vectors.Recipe.timestamp;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.repo.keys.SigningKey;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.testing.MediumEditor;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Keys and their ids: an id is a label, and a threshold counts keys. */
final class KeyRecipes {
  private static final SigningKey KEY = key(7);
  private static final String ID = KEY.key().id();
  private static final String LABEL = "f".repeat(64);

  private KeyRecipes() {}

  static Stream<Recipe> all() {
    return Stream.of(twice(), labels()).flatMap(each -> each);
  }

  private static Stream<Recipe> twice() {
    return Stream.of(
        refused(
            "metadata",
            "metadata-signature-twice",
            "TRUST-FORMAT",
            "two signatures of timestamp have one key id",
            m -> timestamp(m, text -> signatures(text, each -> each + "," + each))),
        refused(
            "metadata",
            "metadata-role-names-key-twice",
            "TRUST-FORMAT",
            "root 2 names one key id twice for timestamp",
            m -> root(m, (_, role) -> ((ArrayNode) role.get("keyids")).add(ID))));
  }

  private static Stream<Recipe> labels() {
    return Stream.of(
        accepted(
            "accepted-key-id-is-a-label",
            "no fault: a key id that is not the digest of the key",
            m -> {
              root(m, KeyRecipes::rename);
              timestamp(m, text -> text.replace(ID, LABEL));
              m.sum();
            }),
        accepted(
            "accepted-one-key-two-ids",
            "no fault: one key signed under two ids, and one key is required",
            m -> {
              root(m, (keys, role) -> secondId(keys, role, 1));
              timestamp(m, KeyRecipes::signTwice);
              m.sum();
            }),
        refused(
            "metadata",
            "metadata-one-key-two-ids",
            "TRUST-THRESHOLD",
            "one key signed under two ids, and two keys are required",
            m -> {
              root(m, (keys, role) -> secondId(keys, role, 2));
              timestamp(m, KeyRecipes::signTwice);
            }));
  }

  @FunctionalInterface
  private interface RootChange {
    void change(ObjectNode keys, ObjectNode timestamp);
  }

  /** Root 2, which names the key for timestamp; then a change of it, signed. */
  private static void root(MediumEditor medium, RootChange change) throws Exception {
    medium.rekey(RoleType.TIMESTAMP, List.of(KEY));
    medium.edit(
        RoleType.ROOT,
        root ->
            change.change(
                (ObjectNode) root.get("keys"), (ObjectNode) root.get("roles").get("timestamp")));
  }

  private static void rename(ObjectNode keys, ObjectNode role) {
    keys.set(LABEL, keys.remove(ID));
    role.putArray("keyids").add(LABEL);
  }

  private static void secondId(ObjectNode keys, ObjectNode role, int threshold) {
    keys.set(LABEL, keys.get(ID));
    ((ArrayNode) role.put("threshold", threshold).get("keyids")).add(LABEL);
  }

  private static String signTwice(String text) {
    return signatures(text, each -> each + "," + each.replace(ID, LABEL));
  }

  private static String signatures(String text, UnaryOperator<String> change) {
    int from = text.indexOf('[') + 1;
    int end = text.indexOf(']');
    return text.substring(0, from) + change.apply(text.substring(from, end)) + text.substring(end);
  }
}
