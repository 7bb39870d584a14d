package io.cloister.installer.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.installer.InstallRefusal.Arguments;
import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.slot.HostLock;
import io.cloister.repo.ExitCode;
import io.cloister.repo.client.TrustAudit.Trail;
import io.cloister.repo.client.TrustStore;
import io.cloister.repo.metadata.JsonException;
import io.cloister.repo.trust.SignaturePolicy;
import io.cloister.repo.trust.SitePolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code cloister policy}: what this site decides about trust by itself. */
@Command(
    name = "policy",
    description = "What this site decides about trust, beyond the vendor's signatures.",
    synopsisSubcommandLabel = "COMMAND")
public final class PolicyCommand {
  @ParentCommand private @Nullable Cloister cloister;

  /** {@code cloister policy show}. */
  @Command(
      name = "show",
      description = {
        "Shows the policy, and the audit trail of it and of every accepted medium.",
        "Write the trail's head down: what is cut off the end later shows by it."
      })
  int show() {
    return Media.parent(cloister).perform("", PolicyCommand::show);
  }

  /** {@code cloister policy set}. */
  @Command(
      name = "set",
      description = "Changes the policy; what is not given stays. Written into the audit trail.")
  int set(
      @Option(
              names = "--staleness-days",
              paramLabel = "DAYS",
              description = "Days after their expiry that media are still taken; 0 to 366.")
          @Nullable Integer stalenessDays,
      @Option(
              names = "--post-quantum-required",
              arity = "1",
              paramLabel = "true|false",
              description = "Whether each file's threshold must hold a post-quantum signature.")
          @Nullable Boolean postQuantumRequired) {
    return Media.parent(cloister)
        .perform("", session -> set(session, stalenessDays, postQuantumRequired));
  }

  private static ExitCode set(
      Session session, @Nullable Integer stalenessDays, @Nullable Boolean postQuantumRequired)
      throws Exception {
    checkDays(stalenessDays);
    TrustStore store = TrustStore.at(session.paths().trust());
    try (HostLock _ = HostLock.take(session.paths())) {
      SitePolicy before = store.policy();
      SitePolicy next =
          new SitePolicy(
              Optional.ofNullable(postQuantumRequired)
                  .map(PolicyCommand::signatures)
                  .orElse(before.signatures()),
              Optional.ofNullable(stalenessDays).map(Duration::ofDays).orElse(before.staleness()));
      if (!next.equals(before)) {
        store.setPolicy(next, session.edge().now());
      }
    }
    return show(session);
  }

  private static void checkDays(@Nullable Integer stalenessDays) throws InstallRefusedException {
    long most = SitePolicy.STALENESS_MAX.toDays();
    if (stalenessDays != null && (stalenessDays < 0 || stalenessDays > most)) {
      throw new InstallRefusedException(
          new Arguments(
              "--staleness-days is 0 to %d, not %d".formatted(most, stalenessDays),
              "cloister policy set --help"));
    }
  }

  private static SignaturePolicy signatures(boolean postQuantumRequired) {
    return postQuantumRequired ? SignaturePolicy.POST_QUANTUM_REQUIRED : SignaturePolicy.THRESHOLD;
  }

  private static ExitCode show(Session session) throws Exception {
    TrustStore store = TrustStore.at(session.anyPaths().trust());
    SitePolicy policy = store.policy();
    boolean postQuantum = policy.signatures() == SignaturePolicy.POST_QUANTUM_REQUIRED;
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("staleness_days", policy.staleness().toDays());
    json.put("post_quantum_required", postQuantum);
    StringBuilder text = new StringBuilder();
    text.append("staleness     ").append(policy.staleness().toDays()).append(" days\n");
    text.append("post-quantum  ").append(postQuantum ? "required" : "not required").append('\n');
    describe(store, json, text);
    session.console().result(json, text.toString());
    return ExitCode.DONE;
  }

  private static void describe(TrustStore store, ObjectNode json, StringBuilder text)
      throws IOException {
    ObjectNode audit = json.putObject("audit");
    try {
      Trail trail = store.audit().read();
      audit.put("whole", true).put("head", trail.head());
      trail.lines().forEach(audit.putArray("lines")::add);
      text.append(
          "audit trail   %d lines, whole, head %s%n".formatted(trail.lines().size(), trail.head()));
      trail.lines().forEach(line -> text.append("  ").append(line).append('\n'));
    } catch (JsonException e) {
      audit.put("whole", false).put("fault", e.getMessage());
      text.append("audit trail   CHANGED: ").append(e.getMessage()).append('\n');
    }
  }
}
