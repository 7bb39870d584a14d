package io.cloister.repo.vectors;

import static io.cloister.repo.vectors.Recipe.accepted;
import static io.cloister.repo.vectors.Recipe.refused;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.repo.metadata.RoleType;
import io.cloister.repo.testing.MediumEditor;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Digests that one role states of another's file: every one of them must match. */
final class HashRecipes {
  private static final String UNKNOWN = "blake2b-256";
  private static final String ZEROS = "0".repeat(64);

  private HashRecipes() {}

  static Stream<Recipe> all() {
    return Stream.of(
        accepted(
            "accepted-sha512-beside",
            "no fault: SHA-512 of snapshot beside SHA-256",
            m -> {
              String digest = sha512(m);
              ofSnapshot(m, hashes -> hashes.put("sha512", digest));
            }),
        accepted(
            "accepted-sha512-alone",
            "no fault: SHA-512 of snapshot and no SHA-256",
            m -> {
              String digest = sha512(m);
              ofSnapshot(m, hashes -> hashes.removeAll().put("sha512", digest));
            }),
        metadata(
            "sha512-wrong",
            "a wrong SHA-512 of snapshot beside the right SHA-256",
            hashes -> hashes.put("sha512", ZEROS + ZEROS)),
        metadata(
            "unknown-hash-beside",
            "a digest of snapshot of an unknown algorithm beside the right SHA-256",
            hashes -> hashes.put(UNKNOWN, ZEROS)),
        metadata(
            "unknown-hash-alone",
            "a digest of snapshot of an unknown algorithm, and no other",
            hashes -> hashes.removeAll().put(UNKNOWN, ZEROS)),
        refused(
            "manifest",
            "manifest-unknown-hash-beside",
            "MEDIA-DAMAGED",
            "a digest of the manifest of an unknown algorithm beside the right SHA-256",
            m -> m.edit(RoleType.TARGETS, HashRecipes::unknownBeside)));
  }

  private static Recipe metadata(String name, String fault, Consumer<ObjectNode> change) {
    return refused("metadata", "metadata-" + name, "TRUST-MIX", fault, m -> ofSnapshot(m, change));
  }

  private static void ofSnapshot(MediumEditor medium, Consumer<ObjectNode> change)
      throws Exception {
    medium.edit(
        RoleType.TIMESTAMP,
        role -> change.accept((ObjectNode) role.at("/meta/snapshot.json/hashes")));
  }

  private static void unknownBeside(ObjectNode targets) {
    ObjectNode target = (ObjectNode) targets.get("targets").get(VectorRecipes.DIGITS.targetPath());
    ((ObjectNode) target.get("hashes")).put(UNKNOWN, ZEROS);
  }

  private static String sha512(MediumEditor medium) throws Exception {
    byte[] snapshot = Files.readAllBytes(medium.file(RoleType.SNAPSHOT));
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-512").digest(snapshot));
  }
}
