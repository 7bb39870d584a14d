package io.cloister.repo.vectors;

import static io.cloister.repo.testing.SigningRepository.key;

import io.cloister.repo.keys.SigningKey;
import io.cloister.repo.metadata.Sha256;
import io.cloister.repo.testing.Delegation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** Packages that targets leaves to other roles, and whether they are found. */
final class DelegationRecipes {
  private static final SigningKey TEAM = key(7);
  private static final SigningKey SECOND = key(8);
  private static final String FOUND = VectorRecipes.DIGITS.toString();
  private static final String MODELS = "model-*";

  private DelegationRecipes() {}

  static Stream<Recipe> all() {
    return Stream.of(patterns(), bins(), order(), signatures()).flatMap(each -> each);
  }

  private static Stream<Recipe> patterns() {
    return Stream.of(
        found("pattern", "a role that may name model-*", paths(team().naming(), MODELS, false)),
        absent(
            "outside-patterns",
            "a role names a package that its patterns do not cover",
            paths(team().naming(), "runtime-*", false)));
  }

  private static Stream<Recipe> bins() {
    String digest = digest(VectorRecipes.DIGITS.targetPath());
    String other = digest.startsWith("0") ? "1" : "0";
    return Stream.of(
        found(
            "hash-prefix",
            "a role that may name paths whose SHA-256 starts so",
            bin(team().naming(), digest.substring(0, 2))),
        absent(
            "outside-hash-prefix",
            "a role names a package of another bin",
            bin(team().naming(), other)));
  }

  private static Stream<Recipe> order() {
    Delegation second = paths(Delegation.of("second", SECOND).naming(), "*", false);
    return Stream.of(
        found(
            "second",
            "the first role covers the package and does not name it, the second does",
            paths(team(), MODELS, false),
            second),
        absent(
            "terminating",
            "the first role covers the package, does not name it and ends the search",
            paths(team(), MODELS, true),
            second),
        found(
            "terminating-elsewhere",
            "a role that ends the search does not cover the package",
            paths(team(), "runtime-*", true),
            second));
  }

  private static Stream<Recipe> signatures() {
    Delegation both = paths(Delegation.of("models", TEAM, SECOND).naming(), MODELS, false);
    return Stream.of(
        found("two-keys", "both keys of a delegated role signed it", both),
        refused("threshold", "one key of two signed a delegated role", both.signedBy(TEAM)),
        refused(
            "stranger",
            "a delegated role is signed by a key of another one",
            paths(team().naming(), MODELS, false).signedBy(SECOND),
            paths(Delegation.of("second", SECOND), "*", false)));
  }

  private static Delegation team() {
    return Delegation.of("models", TEAM);
  }

  private static Delegation paths(Delegation role, String pattern, boolean terminating) {
    return role.with(entry -> entry.put("terminating", terminating).putArray("paths").add(pattern));
  }

  private static Delegation bin(Delegation role, String prefix) {
    return role.with(
        entry -> entry.put("terminating", false).putArray("path_hash_prefixes").add(prefix));
  }

  private static String digest(String path) {
    return Sha256.of(path.getBytes(StandardCharsets.UTF_8)).hex();
  }

  private static Recipe found(String name, String what, Delegation... roles) {
    return accepted(name, what, roles).finding(FOUND);
  }

  private static Recipe absent(String name, String what, Delegation... roles) {
    return accepted(name, what + ": it is not found", roles).finding();
  }

  private static Recipe accepted(String name, String what, Delegation... roles) {
    return Recipe.accepted(
        "accepted-delegated-" + name, "no fault: " + what, m -> m.delegate(List.of(roles)));
  }

  private static Recipe refused(String name, String fault, Delegation... roles) {
    return Recipe.refused(
        "metadata",
        "metadata-delegated-" + name,
        "TRUST-THRESHOLD",
        fault,
        m -> m.delegate(List.of(roles)));
  }
}
