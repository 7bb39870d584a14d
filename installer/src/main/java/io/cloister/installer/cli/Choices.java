package io.cloister.installer.cli;

import io.cloister.installer.host.Listener;
import io.cloister.installer.stage.SettingsFile;
import io.cloister.repo.client.Anchor;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a first install has to be told: by options, by a file of answers, or by a person.
 *
 * @param trustedRoot from the vendor's letter
 * @param inference where applications call
 * @param console where people open the local web page
 * @param tokenFile where the first token is written, too
 */
record Choices(
    Optional<Anchor> trustedRoot,
    Optional<Listener> inference,
    Optional<Listener> console,
    Optional<Path> tokenFile) {
  static final Choices NONE =
      new Choices(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  static final Listener INFERENCE = new Listener("0.0.0.0", 8443);
  static final Listener CONSOLE = new Listener("0.0.0.0", 9443);

  /** These, and of the others what these leave open. */
  Choices or(Choices others) {
    return new Choices(
        trustedRoot.or(others::trustedRoot),
        inference.or(others::inference),
        console.or(others::console),
        tokenFile.or(others::tokenFile));
  }

  Choices withTrustedRoot(Anchor anchor) {
    return new Choices(Optional.of(anchor), inference, console, tokenFile);
  }

  Choices withInference(Listener at) {
    return new Choices(trustedRoot, Optional.of(at), console, tokenFile);
  }

  Choices withConsole(Listener at) {
    return new Choices(trustedRoot, inference, Optional.of(at), tokenFile);
  }

  Choices withTokenFile(Optional<Path> file) {
    return new Choices(trustedRoot, inference, console, file);
  }

  /** With the defaults for what was left open. */
  SettingsFile settings() {
    return new SettingsFile(inference.orElse(INFERENCE), console.orElse(CONSOLE));
  }
}
