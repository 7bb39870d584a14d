package io.cloister.repo.metadata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Digests of one file by algorithm (TUF 1.0.34 §4.4 HASHES); at least one. Every one of them must
 * match: an algorithm that this program does not know matches nothing.
 *
 * @param byAlgorithm lower-case hexadecimal digits by TUF's name of the algorithm, e.g. {@code
 *     sha256}
 */
public record Hashes(SortedMap<String, String> byAlgorithm) {
  private static final int ALGORITHMS_MAX = 8;
  private static final Map<String, String> JAVA_NAMES =
      Map.of("sha256", "SHA-256", "sha512", "SHA-512");

  /** One digest that the bytes do not have. */
  public record Mismatch(String algorithm, String stated, String actual) {}

  public Hashes {
    byAlgorithm = new TreeMap<>(byAlgorithm);
  }

  static Hashes of(byte[] bytes) {
    return new Hashes(new TreeMap<>(Map.of("sha256", Sha256.of(bytes).hex())));
  }

  static Hashes parse(Fields hashes) throws JsonException {
    SortedMap<String, String> byAlgorithm = new TreeMap<>();
    for (Map.Entry<String, JsonNode> each : hashes.node().properties()) {
      byAlgorithm.put(each.getKey(), digest(hashes, each.getKey()));
    }
    if (byAlgorithm.isEmpty() || byAlgorithm.size() > ALGORITHMS_MAX) {
      throw new JsonException(
          "%s has %d entries, allowed 1 to %d"
              .formatted(hashes.path(), byAlgorithm.size(), ALGORITHMS_MAX));
    }
    return new Hashes(byAlgorithm);
  }

  private static String digest(Fields hashes, String algorithm) throws JsonException {
    return switch (algorithm) {
      case "sha256" -> hashes.sha256(algorithm).hex();
      case "sha512" -> {
        String digits = hashes.text(algorithm);
        if (!Sha256.isLowerHex(digits, 128)) {
          throw new JsonException(
              "%s.sha512 is not 128 lower-case hexadecimal digits".formatted(hashes.path()));
        }
        yield digits;
      }
      default -> hashes.text(algorithm);
    };
  }

  void encode(ObjectNode hashes) {
    byAlgorithm.forEach(hashes::put);
  }

  /** The first digest that the bytes do not have; empty where they have all. */
  public Optional<Mismatch> findMismatch(byte[] bytes) {
    for (Map.Entry<String, String> stated : byAlgorithm.entrySet()) {
      String actual = digest(stated.getKey(), bytes);
      if (!actual.equals(stated.getValue())) {
        return Optional.of(new Mismatch(stated.getKey(), stated.getValue(), actual));
      }
    }
    return Optional.empty();
  }

  /** The SHA-256 digest, which our own metadata always states. */
  public Optional<Sha256> sha256() {
    return Optional.ofNullable(byAlgorithm.get("sha256")).map(Sha256::new);
  }

  /** Before the name of a target file in a consistent snapshot (TUF 1.0.34 §6.2.1): any of them. */
  public String prefix() {
    String any = byAlgorithm.getOrDefault(byAlgorithm.firstKey(), "");
    return byAlgorithm.getOrDefault("sha256", byAlgorithm.getOrDefault("sha512", any));
  }

  private static String digest(String algorithm, byte[] bytes) {
    String name = JAVA_NAMES.get(algorithm);
    if (name == null) {
      return "not computed: unknown algorithm";
    }
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(name).digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + name, e);
    }
  }
}
