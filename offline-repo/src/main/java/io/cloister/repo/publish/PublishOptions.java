package io.cloister.repo.publish;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a vendor may choose about a medium.
 *
 * @param bootstrap put there as {@link Publication#BOOTSTRAP}
 * @param bootstrapKeys what {@code SHA256SUMS} is signed with, at most one of each algorithm
 * @param bundle tars instead of folders
 * @param volumeBytes every volume stays below; empty for one medium
 * @param since releases (e.g. {@code 0.1.0}) and packages (e.g. {@code model-digits-1.0.0}) whose
 *     blobs are left out; empty for a whole medium
 * @param parityPercent how much parity is added, of the bytes of all blobs; 0 for none
 */
public record PublishOptions(
    Optional<Path> bootstrap,
    List<BootstrapKey> bootstrapKeys,
    boolean bundle,
    OptionalLong volumeBytes,
    List<String> since,
    int parityPercent) {
  /** A whole medium in one folder. */
  public static final PublishOptions FOLDER =
      new PublishOptions(Optional.empty(), List.of(), false, OptionalLong.empty(), List.of(), 0);

  /** A whole medium in one tar. */
  public static final PublishOptions BUNDLE =
      new PublishOptions(Optional.empty(), List.of(), true, OptionalLong.empty(), List.of(), 0);

  public PublishOptions {
    since = List.copyOf(since);
    bootstrapKeys = List.copyOf(bootstrapKeys);
    if (bootstrapKeys.stream().map(BootstrapKey::algorithm).distinct().count()
        < bootstrapKeys.size()) {
      throw new IllegalArgumentException("two bootstrap keys of one algorithm");
    }
  }

  public PublishOptions withBootstrap(Optional<Path> archive) {
    return new PublishOptions(archive, bootstrapKeys, bundle, volumeBytes, since, parityPercent);
  }

  public PublishOptions withBootstrapKeys(BootstrapKey... keys) {
    return new PublishOptions(bootstrap, List.of(keys), bundle, volumeBytes, since, parityPercent);
  }

  public PublishOptions withVolumes(long bytes) {
    return new PublishOptions(
        bootstrap, bootstrapKeys, bundle, OptionalLong.of(bytes), since, parityPercent);
  }

  public PublishOptions withSince(String... releases) {
    return new PublishOptions(
        bootstrap, bootstrapKeys, bundle, volumeBytes, List.of(releases), parityPercent);
  }

  public PublishOptions withParity(int percent) {
    return new PublishOptions(bootstrap, bootstrapKeys, bundle, volumeBytes, since, percent);
  }
}
