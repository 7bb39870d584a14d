package io.cloister.repo.client;

import io.cloister.repo.RefusedException;
import java.util.Optional;

/**
 * The files of one run of the workflow: where those of the repository are read, and where accepted
 * ones are kept at once, role by role, as TUF 1.0.34 §5 says. A medium keeps none here: its client
 * keeps them all together in a {@link TrustStore} after the whole medium is proven.
 */
@FunctionalInterface
public interface MetadataFiles {

  /**
   * All bytes of a file of the repository that may be absent.
   *
   * @param file as on media, e.g. {@code metadata/3.snapshot.json}
   * @param bytesMax a longer one is refused
   */
  Optional<byte[]> find(String file, int bytesMax) throws RefusedException;

  /** What an earlier run kept; used instead of the repository's where it is still current. */
  default Optional<byte[]> findKept(String name) throws RefusedException {
    return Optional.empty();
  }

  /**
   * Keeps an accepted file.
   *
   * @param name without version, e.g. {@code snapshot.json}; a plain file name whatever its role
   */
  default void keep(String name, byte[] bytes) throws RefusedException {}

  /** Before the root is kept that no longer vouches for it. */
  default void forget(String name) throws RefusedException {}
}
