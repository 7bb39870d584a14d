package io.cloister.repo;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Metadata that must not be trusted, or trust that cannot be kept. Files are named as on media. */
public sealed interface TrustRefusal extends Refusal {

  /** Nothing is trusted yet and no trusted root was given. */
  record NoTrustedRoot() implements TrustRefusal {}

  /** The file that the first trust should come from cannot be read. */
  record RootFileUnreadable(String file, String fault) implements TrustRefusal {}

  /** The first root is not the one whose SHA-256 was given. */
  record WrongRootDigest(String file, String expected, String actual) implements TrustRefusal {}

  /**
   * Too few valid signatures of different keys.
   *
   * @param signer whose keys were asked: "root" of version 3, or the role itself
   * @param faults one line for each signature that does not count
   */
  record BelowThreshold(
      String role, String file, String signer, int required, int valid, List<String> faults)
      implements TrustRefusal {
    public BelowThreshold {
      faults = List.copyOf(faults);
    }
  }

  /**
   * The threshold is reached, by no post-quantum key, where the site asks for one.
   *
   * @param kinds of the keys that signed validly
   * @param faults one line for each signature that does not count
   */
  record NotPostQuantum(
      String role, String file, String signer, List<String> kinds, List<String> faults)
      implements TrustRefusal {
    public NotPostQuantum {
      kinds = List.copyOf(kinds);
      faults = List.copyOf(faults);
    }
  }

  /** A version went back. */
  record Rollback(
      String role, String file, long trusted, Optional<Instant> trustedSignedAt, long offered)
      implements TrustRefusal {}

  /** A file does not have the version that its name or the role above it states. */
  record WrongVersion(String role, String file, long expected, long actual)
      implements TrustRefusal {}

  /**
   * A file differs from what the role above it states; field is {@code length} or the name of a
   * digest, e.g. {@code sha256}.
   */
  record MixedMetadata(String file, String statedBy, String field, String expected, String actual)
      implements TrustRefusal {}

  /**
   * Expired at the time used for the check.
   *
   * @param signedAt where the metadata says it
   * @param hostClock false where the newest signed time ever accepted is later than the host clock
   * @param staleness the site's budget, which is used up too
   */
  record Expired(
      String role,
      String file,
      Optional<Instant> signedAt,
      Instant expires,
      Instant now,
      boolean hostClock,
      Duration staleness)
      implements TrustRefusal {}

  /** The {@code _type} field names another role. */
  record WrongType(String file, String expected, String actual) implements TrustRefusal {}

  /** Written for a TUF specification that this program does not know. */
  record UnsupportedSpec(String file, String supported, String offered) implements TrustRefusal {}

  /** Not strict JSON, or not of the form that the role has. */
  record MalformedMetadata(String file, String fault) implements TrustRefusal {}

  /** More new root versions than one run follows. */
  record RootChainTooLong(String file, int rootsMax) implements TrustRefusal {}

  /**
   * More delegations than one run follows, or more bytes of them.
   *
   * @param role at which it was too much
   * @param allowed with its unit
   */
  record TooManyDelegations(String role, String allowed) implements TrustRefusal {}

  /** What was trusted earlier cannot be read any more. */
  record StoreDamaged(String file, String fault) implements TrustRefusal {}

  /** What is trusted now could not be kept. */
  record StoreNotWritten(String file, String fault) implements TrustRefusal {}
}
