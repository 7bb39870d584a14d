package io.cloister.repo.cli;

import io.cloister.repo.Problem;
import io.cloister.repo.publish.Change;
import io.cloister.repo.publish.Change.DelegationAdded;
import io.cloister.repo.publish.Change.DelegationRemoved;
import io.cloister.repo.publish.Change.DelegationsReordered;
import io.cloister.repo.publish.Change.ExpirySet;
import io.cloister.repo.publish.Change.FileSet;
import io.cloister.repo.publish.Change.KeyAdded;
import io.cloister.repo.publish.Change.KeyRemoved;
import io.cloister.repo.publish.Change.PackageAdded;
import io.cloister.repo.publish.Change.PackageRemoved;
import io.cloister.repo.publish.Change.PackageReplaced;
import io.cloister.repo.publish.Change.PathsSet;
import io.cloister.repo.publish.Change.ThresholdSet;
import java.io.PrintWriter;
import java.util.List;

/** What is about to be signed, in words; {@code +} and {@code -} as in a difference of texts. */
final class ChangeWords {
  private ChangeWords() {}

  static void print(List<Change> changes, PrintWriter out) {
    // Who wrote the file may be hostile: no name in it moves the cursor of who signs it.
    changes.forEach(each -> out.println("  " + Problem.printable(line(each))));
  }

  private static String line(Change change) {
    return switch (change) {
      case KeyAdded it -> "+ key of %s: %s, %s".formatted(it.role(), it.keyId(), it.kind());
      case KeyRemoved it -> "- key of %s: %s, %s".formatted(it.role(), it.keyId(), it.kind());
      case ThresholdSet it ->
          "  threshold of %s: %d of %d keys%s"
              .formatted(it.role(), it.now(), it.keys(), before(it.before(), it.now()));
      case DelegationAdded it -> "+ delegated role %s: %s".formatted(it.role(), it.paths());
      case DelegationRemoved it -> "- delegated role %s".formatted(it.role());
      case DelegationsReordered it -> "  delegated roles are searched as %s".formatted(it.roles());
      case PathsSet it ->
          "  paths of %s: %s instead of %s".formatted(it.role(), it.now(), it.before());
      case PackageAdded it -> "+ package %s, manifest %s".formatted(it.targetPath(), it.digest());
      case PackageRemoved it -> "- package %s".formatted(it.targetPath());
      case PackageReplaced it ->
          "! package %s has other content: manifest %s instead of %s"
              .formatted(it.targetPath(), it.now(), it.before());
      case FileSet it ->
          "  %s: version %d%s".formatted(it.file(), it.now(), before(it.before(), it.now()));
      case ExpirySet it ->
          "  expires %s%s"
              .formatted(it.now(), it.before().map(old -> " instead of " + old).orElse(""));
    };
  }

  private static String before(long before, long now) {
    return before == 0 || before == now ? "" : " instead of " + before;
  }
}
