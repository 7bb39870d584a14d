package io.cloister.repo;

import io.cloister.repo.TrustRefusal.BelowThreshold;
import io.cloister.repo.TrustRefusal.Expired;
import io.cloister.repo.TrustRefusal.MalformedMetadata;
import io.cloister.repo.TrustRefusal.MixedMetadata;
import io.cloister.repo.TrustRefusal.NoTrustedRoot;
import io.cloister.repo.TrustRefusal.NotPostQuantum;
import io.cloister.repo.TrustRefusal.Rollback;
import io.cloister.repo.TrustRefusal.RootChainTooLong;
import io.cloister.repo.TrustRefusal.RootFileUnreadable;
import io.cloister.repo.TrustRefusal.StoreDamaged;
import io.cloister.repo.TrustRefusal.StoreNotWritten;
import io.cloister.repo.TrustRefusal.TooManyDelegations;
import io.cloister.repo.TrustRefusal.UnsupportedSpec;
import io.cloister.repo.TrustRefusal.WrongRootDigest;
import io.cloister.repo.TrustRefusal.WrongType;
import io.cloister.repo.TrustRefusal.WrongVersion;
import java.time.Duration;
import java.time.Instant;

/** Words for metadata that must not be trusted. */
final class TrustWords {
  private static final Duration YEARS_TOO_MANY = Duration.ofDays(5 * 365);
  private static final String SIGNED_TIME = ", the newest signed time this machine has accepted";

  private TrustWords() {}

  static Problem problem(TrustRefusal refusal, RefusedCommand command) {
    return switch (refusal) {
      case NoTrustedRoot _ -> noTrustedRoot(command);
      case RootFileUnreadable it -> rootFileUnreadable(it, command);
      case WrongRootDigest it -> wrongRootDigest(it, command);
      case BelowThreshold it -> belowThreshold(it, command);
      case NotPostQuantum it -> notPostQuantum(it, command);
      case Rollback it -> rollback(it, command);
      case WrongVersion it -> wrongVersion(it, command);
      case MixedMetadata it -> mixed(it, command);
      case Expired it -> expired(it, command);
      case WrongType it -> wrongType(it, command);
      case UnsupportedSpec it -> unsupportedSpec(it, command);
      case MalformedMetadata it ->
          words("TRUST-FORMAT", "metadata is malformed")
              .line("file", it.file())
              .line("fault", it.fault())
              .why("only strict JSON in the form of its role is read (TUF 1.0.34 §4)")
              .problem(command, askVendor(command));
      case RootChainTooLong it ->
          words("TRUST-ROOT-CHAIN", "the medium holds too many root versions")
              .line("allowed", it.rootsMax() + " new versions in one run")
              .line("offered", it.file() + " and perhaps more")
              .why("the number of roots followed in one run is bounded (TUF 1.0.34 §5.3.3)")
              .problem(command, askVendor(command));
      case TooManyDelegations it -> tooManyDelegations(it, command);
      case StoreDamaged it -> storeDamaged(it, command);
      case StoreNotWritten it ->
          new Words("TRUST-STORE-WRITE", ExitCode.HOST_UNFIT, "what is trusted cannot be kept")
              .line("file", it.file())
              .line("fault", it.fault())
              .why("without it an older medium could be accepted later (TUF 1.0.34 §5.4.5)")
              .problem(command, command.then("free space or mend the disk"));
    };
  }

  private static Problem tooManyDelegations(TooManyDelegations it, RefusedCommand command) {
    return words("TRUST-DELEGATIONS", "metadata delegates to too many roles")
        .line("role", it.role())
        .line("allowed", it.allowed() + " in one run")
        .line("offered", "more")
        .why("the number of roles followed in one run is bounded (TUF 1.0.34 §5.6.7.1)")
        .problem(command, askVendor(command));
  }

  private static Problem noTrustedRoot(RefusedCommand command) {
    return words("TRUST-NO-ROOT", "this machine does not trust any vendor yet")
        .line("trusted", "nothing")
        .line("offered", command.medium())
        .why("the first root must come by another way than the medium (TUF 1.0.34 §5.2)")
        .problem(
            command,
            "with the digest from the vendor's letter, run: "
                + command.again()
                + " --trusted-root sha256:HEX");
  }

  private static Problem rootFileUnreadable(RootFileUnreadable it, RefusedCommand command) {
    return new Words("USAGE-TRUSTED-ROOT", ExitCode.USAGE, "the trusted root cannot be read")
        .line("file", it.file())
        .line("fault", it.fault())
        .why("everything else is proven from this file (TUF 1.0.34 §5.2)")
        .problem(
            command,
            "name a file that you may read, or give the digest from the vendor's letter:"
                + " --trusted-root sha256:HEX");
  }

  private static Problem wrongRootDigest(WrongRootDigest it, RefusedCommand command) {
    return words("TRUST-ROOT-DIGEST", "the medium's first root is not the one you trust")
        .line("file", it.file())
        .line("trusted", "sha256 " + it.expected())
        .line("offered", "sha256 " + it.actual())
        .why("everything else is proven from this file (TUF 1.0.34 §5.2)")
        .problem(command, "compare the digest with the vendor's letter; " + askVendor(command));
  }

  private static Problem belowThreshold(BelowThreshold it, RefusedCommand command) {
    Words words =
        words("TRUST-THRESHOLD", it.role() + " metadata has too few valid signatures")
            .line("file", it.file())
            .line("required", it.required() + " different keys of " + it.signer())
            .line("valid", String.valueOf(it.valid()));
    it.faults().stream().limit(8).forEach(fault -> words.line("fault", fault));
    return words
        .why("fewer signatures than the threshold prove nothing (TUF 1.0.34 §5.3.4, §5.4.2)")
        .problem(command, command.then("copy the medium again (if it stays, ask the vendor)"));
  }

  private static Problem notPostQuantum(NotPostQuantum it, RefusedCommand command) {
    Words words =
        words("TRUST-POST-QUANTUM", it.role() + " metadata has no valid post-quantum signature")
            .line("file", it.file())
            .line("required", "a signature by an ml-dsa-87 key of " + it.signer())
            .line("valid", it.kinds().isEmpty() ? "none" : String.join(", ", it.kinds()));
    it.faults().stream().limit(8).forEach(fault -> words.line("fault", fault));
    return words
        .why("this site asks for one on every role: others may be forged one day (FIPS 204)")
        .problem(command, "ask the vendor for media signed by hybrid roles");
  }

  private static Problem rollback(Rollback it, RefusedCommand command) {
    String signed = it.trustedSignedAt().map(at -> ", signed " + at).orElse("");
    return words(
            "TRUST-ROLLBACK",
            it.role() + " metadata is older than what this machine already trusts")
        .line("trusted", "version " + it.trusted() + signed)
        .line("offered", "version %d, from %s".formatted(it.offered(), command.medium()))
        .line("file", it.file())
        .why("accepting it would allow a rollback attack (TUF 1.0.34 §5.4.3, §5.5.5)")
        .problem(command, command.then("ask the vendor for newer media"));
  }

  private static Problem wrongVersion(WrongVersion it, RefusedCommand command) {
    return words("TRUST-VERSION", it.role() + " metadata has another version than stated")
        .line("file", it.file())
        .line("expected", "version " + it.expected())
        .line("offered", "version " + it.actual())
        .why("versions follow one another without a gap (TUF 1.0.34 §5.3.5, §5.5.4, §5.6.4)")
        .problem(command, askVendor(command));
  }

  private static Problem mixed(MixedMetadata it, RefusedCommand command) {
    return words("TRUST-MIX", "metadata of different releases is mixed")
        .line("file", it.file())
        .line("expected", it.field() + " " + it.expected() + ", stated by " + it.statedBy())
        .line("offered", it.field() + " " + it.actual())
        .why("the roles must belong together: a mix-and-match attack (TUF 1.0.34 §5.5.2, §5.6.2)")
        .problem(command, askVendor(command));
  }

  private static Problem expired(Expired it, RefusedCommand command) {
    return words("TRUST-EXPIRED", it.role() + " metadata has expired")
        .line("file", it.file())
        .line("signed", it.signedAt().map(Instant::toString).orElse("at a time it does not say"))
        .line("expired", it.expires() + allowed(it.staleness()))
        .line("now", it.now() + (it.hostClock() ? ", this machine's clock" : SIGNED_TIME))
        .why(whyExpired(it))
        .problem(
            command,
            "check the clock with: date -u; else ask the vendor for media newer than "
                + command.medium());
  }

  private static String allowed(Duration staleness) {
    return staleness.isZero()
        ? ""
        : "; this site's policy allows %d days more".formatted(staleness.toDays());
  }

  /** Media expire after months: years later it is more likely the clock that is wrong. */
  private static String whyExpired(Expired it) {
    boolean wild = it.hostClock() && it.expires().plus(YEARS_TOO_MANY).isBefore(it.now());
    return wild
        ? "a clock years ahead of the medium is more often wrong than right; it decides nothing else"
        : "old media may hide newer ones: a freeze attack (TUF 1.0.34 §5.3.10, §5.4.4)";
  }

  private static Problem wrongType(WrongType it, RefusedCommand command) {
    return words("TRUST-ROLE", "metadata of one role is offered as another")
        .line("file", it.file())
        .line("expected", it.expected())
        .line("offered", it.actual())
        .why("a signature by one role must not count for another (TUF 1.0.34 §4.3)")
        .problem(command, askVendor(command));
  }

  private static Problem unsupportedSpec(UnsupportedSpec it, RefusedCommand command) {
    return words("TRUST-SPEC", "metadata is written for another TUF specification")
        .line("file", it.file())
        .line("supported", it.supported())
        .line("offered", it.offered())
        .why("another major version may mean other rules (TUF 1.0.34 §4.3)")
        .problem(command, askVendor(command));
  }

  private static Problem storeDamaged(StoreDamaged it, RefusedCommand command) {
    return words("TRUST-STORE", "what this machine trusts cannot be read")
        .line("file", it.file())
        .line("fault", it.fault())
        .why("without it an older medium could be accepted (TUF 1.0.34 §5.4.3)")
        .problem(command, "restore the folder of this file from a backup, or ask the vendor");
  }

  private static Words words(String code, String summary) {
    return new Words(code, ExitCode.REFUSED, summary);
  }

  private static String askVendor(RefusedCommand command) {
    return "ask the vendor for a good copy of " + command.medium();
  }
}
