package io.cloister.repo.publish;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a vendor may choose about a medium.
 *
 * @param bootstrap put there as {@link Publication#BOOTSTRAP}
 * @param bundle one tar instead of a folder
 */
public record PublishOptions(Optional<Path> bootstrap, boolean bundle) {}
