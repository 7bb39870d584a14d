package io.cloister.repo;

/** What the vendor's tool {@code cloister-repo} does not do. */
public sealed interface VendorRefusal extends Refusal {

  /** The command line does not make sense. */
  record BadArgument(String argument, String fault) implements VendorRefusal {}

  /** Something is there already that must not be replaced. */
  record WouldOverwrite(String path, String found) implements VendorRefusal {}

  /** A key file that cannot be used. */
  record BadKeyFile(String file, String fault) implements VendorRefusal {}

  /** A key on a token that cannot be used. */
  record BadToken(String uri, String fault) implements VendorRefusal {}

  /** A key that no role of this repository knows. */
  record UnknownKey(String file, String keyId, String known) implements VendorRefusal {}

  /** The beginning of a key id that means none of a role's keys, or several. */
  record UnknownKeyId(String keyId, int matches, String known) implements VendorRefusal {}

  /** A role that the repository does not have. */
  record UnknownRole(String role, String known) implements VendorRefusal {}

  /** More signatures would be needed than there are keys. */
  record ThresholdUnreachable(String role, int threshold, long keys) implements VendorRefusal {}

  /** A file that does not carry a role to be signed. */
  record BadRoleFile(String file, String fault) implements VendorRefusal {}

  /** Signatures for something else than what waits for them here. */
  record OtherContent(String file, String role, String staged, String offered)
      implements VendorRefusal {}

  /** The working folder of the repository is not in a state for this command. */
  record BadRepository(String folder, String fault) implements VendorRefusal {}

  /** Another command changes the repository just now. */
  record RepositoryBusy(String folder) implements VendorRefusal {}

  /** A folder that cannot become a package. */
  record BadPackage(String folder, String file, String fault) implements VendorRefusal {}

  /** Reading or writing failed. */
  record FileFault(String path, String fault) implements VendorRefusal {}
}
