package io.cloister.repo.vectors;

import static io.cloister.repo.testing.SigningRepository.NOW;
import static io.cloister.repo.testing.SigningRepository.key;
import static io.cloister.repo.vectors.Recipe.accepted;
import static io.cloister.repo.vectors.Recipe.refused;
import static io.cloister.repo.vectors.Recipe.replace;
import static io.cloister.repo.vectors.Recipe.timestamp;

import io.cloister.repo.keys.SigningKey;
import io.cloister.repo.metadata.RoleType;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Faults of the metadata, and what is none. */
final class MetadataRecipes {
  private static final SigningKey STRANGER = key(99);

  private MetadataRecipes() {}

  static Stream<Recipe> all() {
    return Stream.of(faultless(), signatures(), rules(), json()).flatMap(each -> each);
  }

  private static Stream<Recipe> faultless() {
    return Stream.of(
        accepted(
            "accepted-newer",
            "no fault: timestamp one version on",
            m -> m.edit(RoleType.TIMESTAMP, role -> role.put("version", 2))),
        accepted(
            "accepted-unknown-field",
            "no fault: a signed field that this version does not know",
            m -> m.edit(RoleType.TARGETS, role -> role.putObject("x-later").put("a", 1))),
        accepted(
            "accepted-rotated-root",
            "no fault: root 2, signed by the old root key and the new one",
            m -> m.rotate(RoleType.ROOT, key(7))),
        metadata(
                "rollback",
                "TRUST-ROLLBACK",
                "timestamp older than the one accepted before",
                _ -> {})
            .after("accepted-newer"));
  }

  private static Stream<Recipe> signatures() {
    return Stream.of(
        metadata(
            "unsigned",
            "TRUST-THRESHOLD",
            "timestamp has no signature",
            m -> m.edit(RoleType.TIMESTAMP, _ -> {}, List.of())),
        metadata(
            "stranger",
            "TRUST-THRESHOLD",
            "targets is signed by a key nobody named",
            m -> m.edit(RoleType.TARGETS, _ -> {}, List.of(STRANGER))),
        metadata(
            "threshold-one-of-two",
            "TRUST-THRESHOLD",
            "one key of two signed timestamp",
            m -> {
              m.rekey(RoleType.TIMESTAMP, List.of(key(7), key(8)));
              m.edit(RoleType.TIMESTAMP, _ -> {}, List.of(key(7)));
            }));
  }

  private static Stream<Recipe> rules() {
    return Stream.of(
        metadata(
            "expired",
            "TRUST-EXPIRED",
            "snapshot expired a second before the clock",
            m ->
                m.edit(
                    RoleType.SNAPSHOT,
                    role -> role.put("expires", NOW.minusSeconds(1).toString()))),
        metadata(
            "root-not-signed-by-old",
            "TRUST-THRESHOLD",
            "root 2 lacks the old root's key",
            m -> {
              m.rotate(RoleType.ROOT, key(7));
              m.edit(RoleType.ROOT, _ -> {}, List.of(key(7)));
            }),
        metadata(
            "mixed",
            "TRUST-MIX",
            "a snapshot that timestamp does not describe",
            m -> replace(m.file(RoleType.SNAPSHOT), text -> text.replace("1.0.34", "1.0.35"))));
  }

  private static Stream<Recipe> json() {
    return Stream.of(
        format(
            "duplicate-key",
            "a JSON key stands twice in timestamp",
            text -> text.replaceFirst("\\{", "{\"signatures\":[],")),
        format("deep", "10,000 nested arrays", _ -> "[".repeat(10_000)),
        format("huge-number", "a version beyond 64 bits", text -> version(text, "9".repeat(20))),
        format("not-a-number", "NaN where a version belongs", text -> version(text, "NaN")),
        format("trailing", "bytes after the document", text -> text + "{}"),
        metadata(
            "not-utf-8",
            "TRUST-FORMAT",
            "an overlong encoding of NUL",
            m -> Files.write(m.file(RoleType.TIMESTAMP), new byte[] {'"', -64, -128, '"'})),
        metadata(
            "upper-case-signature",
            "TRUST-THRESHOLD",
            "a signature in upper-case digits",
            m -> timestamp(m, MetadataRecipes::upperCase)),
        metadata(
            "too-long",
            "MEDIA-LIMIT",
            "timestamp is one byte over 65,536",
            m -> timestamp(m, text -> text + " ".repeat(65_537 - text.length()))));
  }

  private static Recipe format(String name, String fault, UnaryOperator<String> change) {
    return metadata(name, "TRUST-FORMAT", fault, m -> timestamp(m, change));
  }

  private static Recipe metadata(String name, String code, String fault, Recipe.Spoil spoil) {
    return refused("metadata", "metadata-" + name, code, fault, spoil);
  }

  private static String version(String text, String number) {
    return text.replaceFirst("\"version\":1", "\"version\":" + number);
  }

  private static String upperCase(String text) {
    int at = text.indexOf("\"sig\":\"") + 7;
    int end = text.indexOf('"', at);
    return text.substring(0, at)
        + text.substring(at, end).toUpperCase(Locale.ROOT)
        + text.substring(end);
  }
}
