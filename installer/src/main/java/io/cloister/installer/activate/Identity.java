package io.cloister.installer.activate;

import java.util.Optional;

/**
 * What a client needs to know of an appliance.
 *
 * @param certificateSha256 fingerprint of its TLS certificate, {@code AA:BB:…}
 * @param token the first API token; empty when it was given out before
 */
public record Identity(String certificateSha256, Optional<String> token) {
  /**
   * Without the token: it is printed once, where the operator asked for it, and never by chance.
   */
  @Override
  public String toString() {
    return "Identity[" + certificateSha256 + "]";
  }
}
