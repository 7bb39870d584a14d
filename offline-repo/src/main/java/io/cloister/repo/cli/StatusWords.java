package io.cloister.repo.cli;

import io.cloister.repo.RefusedException;
import io.cloister.repo.metadata.Sha256;
import io.cloister.repo.publish.RoleStatus;
import io.cloister.repo.publish.Workspace;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How far the roles of a repository are signed, a line for each. */
final class StatusWords {
  private StatusWords() {}

  static void print(List<RoleStatus> roles, PrintWriter out) {
    print(roles, List.of(), out);
  }

  /**
   * @param before an expiry that differs is told with both values
   */
  static void print(List<RoleStatus> roles, List<RoleStatus> before, PrintWriter out) {
    for (RoleStatus role : roles) {
      out.printf(
          "%-9s  version %d, signatures %s, expires %s%s%n",
          role.role(), role.version(), counts(role), role.expires(), change(role, before));
    }
  }

  private static String counts(RoleStatus role) {
    StringBuilder words = new StringBuilder();
    for (RoleStatus.Count count : role.counts()) {
      words.append(words.isEmpty() ? "" : " and ");
      words.append("%d of %d".formatted(count.signatures(), count.threshold()));
      words.append(role.counts().size() > 1 ? " by " + count.statedBy() : "");
    }
    return words + (role.staged() ? ", waiting" : "");
  }

  private static String change(RoleStatus role, List<RoleStatus> before) {
    Optional<Instant> old =
        before.stream()
            .filter(each -> !each.staged() && each.role().equals(role.role()))
            .map(RoleStatus::expires)
            .findFirst()
            .filter(each -> !each.equals(role.expires()));
    return old.map(each -> " instead of " + each).orElse("");
  }

  /** What customers need; the value first, for scripts take the first word. */
  static String firstRoot(Sha256 digest) {
    return "sha256:" + digest + "  digest of the first root, for your letter";
  }

  /** What is there and would not be published. */
  static void printUnsigned(Workspace workspace, PrintWriter out) throws RefusedException {
    workspace.unsigned().forEach(path -> out.println("unsigned   " + path));
  }
}
