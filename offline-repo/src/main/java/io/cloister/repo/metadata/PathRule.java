package io.cloister.repo.metadata;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Which target paths a delegation covers (TUF 1.0.34 §4.5): exactly one of the two ways. */
public sealed interface PathRule {
  int ENTRIES_MAX = 20_000;

  boolean covers(String targetPath);

  /** At most how many steps {@link #covers} takes. */
  long steps(String targetPath);

  void encode(ObjectNode role);

  /** Shell patterns. */
  record Patterns(List<PathPattern> patterns) implements PathRule {
    public Patterns {
      patterns = List.copyOf(patterns);
    }

    @Override
    public boolean covers(String targetPath) {
      return patterns.stream().anyMatch(each -> each.matches(targetPath));
    }

    @Override
    public long steps(String targetPath) {
      long characters = patterns.stream().mapToLong(each -> each.pattern().length() + 1L).sum();
      return characters * (targetPath.length() + 1L);
    }

    @Override
    public void encode(ObjectNode role) {
      var list = role.putArray("paths");
      patterns.forEach(each -> list.add(each.pattern()));
    }
  }

  /** Bins: how the SHA-256 digest of a path may start. */
  record HashPrefixes(List<String> prefixes) implements PathRule {
    /** Refuses what is not lower-case hexadecimal digits; no digit at all covers every path. */
    public HashPrefixes {
      prefixes = List.copyOf(prefixes);
      for (String each : prefixes) {
        if (!Sha256.isLowerHex(each, each.length())) {
          throw new IllegalArgumentException("not a hash prefix: \"" + each + "\"");
        }
      }
    }

    @Override
    public boolean covers(String targetPath) {
      String digest = Sha256.of(targetPath.getBytes(StandardCharsets.UTF_8)).hex();
      return prefixes.stream().anyMatch(digest::startsWith);
    }

    @Override
    public long steps(String targetPath) {
      return targetPath.length() + prefixes.stream().mapToLong(each -> each.length() + 1L).sum();
    }

    @Override
    public void encode(ObjectNode role) {
      prefixes.forEach(role.putArray("path_hash_prefixes")::add);
    }
  }

  static PathRule parse(Fields role) throws JsonException {
    boolean patterns = role.has("paths");
    if (patterns == role.has("path_hash_prefixes")) {
      throw new JsonException(role.path() + " needs paths or path_hash_prefixes, and not both");
    }
    return patterns
        ? new Patterns(role.texts("paths", ENTRIES_MAX).stream().map(PathPattern::new).toList())
        : new HashPrefixes(role.texts("path_hash_prefixes", ENTRIES_MAX));
  }
}
