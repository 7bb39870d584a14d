package io.cloister.repo;

/** What the vendor's tool {@code cloister-repo} does not do. */
public sealed interface VendorRefusal extends Refusal {

  /** The command line does not make sense. */
  record BadArgument(String argument, String fault) implements VendorRefusal {}

  /** Something is there already that must not be replaced. */
  record WouldOverwrite(String path, String found) implements VendorRefusal {}

  /** A key file that cannot be used. */
  record BadKeyFile(String file, String fault) implements VendorRefusal {}

  /** A key that no role of this repository knows. */
  record UnknownKey(String file, String keyId, String known) implements VendorRefusal {}

  /** The working folder of the repository is not in a state for this command. */
  record BadRepository(String folder, String fault) implements VendorRefusal {}

  /** A folder that cannot become a package. */
  record BadPackage(String folder, String file, String fault) implements VendorRefusal {}

  /** Reading or writing failed. */
  record FileFault(String path, String fault) implements VendorRefusal {}
}
