package io.cloister.repo.client;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.cloister.repo.content.DurableFiles;
import io.cloister.repo.metadata.Fields;
import io.cloister.repo.metadata.JsonException;
import io.cloister.repo.metadata.StrictJson;
import io.cloister.repo.trust.SignaturePolicy;
import io.cloister.repo.trust.SitePolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/** {@code policy.json} in the folder of what a machine trusts; without it the default holds. */
final class PolicyFile {
  private static final String NAME = "policy.json";
  private static final int FORMAT = 1;

  private PolicyFile() {}

  static SitePolicy read(Path folder) throws IOException, JsonException {
    Path file = folder.resolve(NAME);
    if (Files.notExists(file)) {
      return SitePolicy.DEFAULT;
    }
    Fields policy = Fields.of(StrictJson.parse(Files.readAllBytes(file)));
    policy.integer("format", FORMAT, FORMAT);
    Set<String> known = Set.of("format", "post_quantum_required", "staleness_days");
    if (!policy.unknown(known).isEmpty()) {
      throw new JsonException(NAME + " has unknown fields: " + policy.unknown(known).keySet());
    }
    return new SitePolicy(
        policy.truth("post_quantum_required")
            ? SignaturePolicy.POST_QUANTUM_REQUIRED
            : SignaturePolicy.THRESHOLD,
        Duration.ofDays(policy.integer("staleness_days", 0, SitePolicy.STALENESS_MAX.toDays())));
  }

  static void write(Path folder, SitePolicy policy) throws IOException {
    DurableFiles.createFolders(folder);
    DurableFiles.write(folder.resolve(NAME), text(policy).getBytes(StandardCharsets.UTF_8));
  }

  /** As it is written, and told in the audit trail. */
  static String text(SitePolicy policy) {
    boolean postQuantum = policy.signatures() == SignaturePolicy.POST_QUANTUM_REQUIRED;
    var document = JsonNodeFactory.instance.objectNode().put("format", FORMAT);
    document.put("post_quantum_required", postQuantum);
    return document.put("staleness_days", policy.staleness().toDays()).toString();
  }
}
