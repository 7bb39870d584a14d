package io.cloister.repo.publish;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a vendor may choose about a medium.
 *
 * @param bootstrap put there as {@link Publication#BOOTSTRAP}
 * @param bundle tars instead of folders
 * @param volumeBytes every volume stays below; empty for one medium
 * @param since releases (e.g. {@code 0.1.0}) and packages (e.g. {@code model-digits-1.0.0}) whose
 *     blobs are left out; empty for a whole medium
 * @param parityPercent how much parity is added, of the bytes of all blobs; 0 for none
 */
public record PublishOptions(
    Optional<Path> bootstrap,
    boolean bundle,
    OptionalLong volumeBytes,
    List<String> since,
    int parityPercent) {
  /** A whole medium in one folder. */
  public static final PublishOptions FOLDER =
      new PublishOptions(Optional.empty(), false, OptionalLong.empty(), List.of(), 0);

  /** A whole medium in one tar. */
  public static final PublishOptions BUNDLE =
      new PublishOptions(Optional.empty(), true, OptionalLong.empty(), List.of(), 0);

  public PublishOptions {
    since = List.copyOf(since);
  }

  public PublishOptions withBootstrap(Optional<Path> archive) {
    return new PublishOptions(archive, bundle, volumeBytes, since, parityPercent);
  }

  public PublishOptions withVolumes(long bytes) {
    return new PublishOptions(bootstrap, bundle, OptionalLong.of(bytes), since, parityPercent);
  }

  public PublishOptions withSince(String... releases) {
    return new PublishOptions(bootstrap, bundle, volumeBytes, List.of(releases), parityPercent);
  }

  public PublishOptions withParity(int percent) {
    return new PublishOptions(bootstrap, bundle, volumeBytes, since, percent);
  }
}
