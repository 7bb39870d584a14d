package io.cloister.repo.publish;

import java.util.stream.Stream;

/**
 * What {@code SHA256SUMS} is signed with: two, in files of their own, so that one of them may fall.
 */
public enum BootstrapAlgorithm {
  /** ECDSA over P-384 with SHA-384 (FIPS 186-5); every OpenSSL verifies it. */
  P384("p384", "EC", "secp384r1", "1.2.840.10045.4.3.3", "SHA384WITHECDDSA"),

  /** ML-DSA-87 (FIPS 204, in CMS as RFC 9882 has it); OpenSSL verifies it from 3.5 on. */
  ML_DSA_87("mldsa87", "ML-DSA", "ML-DSA-87", "2.16.840.1.101.3.4.3.19", "ML-DSA-87");

  private final String label;
  private final String family;
  private final String parameters;
  private final String signatureId;
  private final String deterministic;

  BootstrapAlgorithm(
      String label, String family, String parameters, String signatureId, String deterministic) {
    this.label = label;
    this.family = family;
    this.parameters = parameters;
    this.signatureId = signatureId;
    this.deterministic = deterministic;
  }

  /** As it stands in file names: {@code SHA256SUMS.p384.p7s}. */
  public String label() {
    return label;
  }

  String family() {
    return family;
  }

  String parameters() {
    return parameters;
  }

  /** Object identifier, with dots. */
  String signatureId() {
    return signatureId;
  }

  /** Name of the signature that uses no randomness: the same inputs publish the same bytes. */
  String deterministic() {
    return deterministic;
  }

  /** Throws IllegalArgumentException for an object identifier that is none of these. */
  static BootstrapAlgorithm of(String signatureId) {
    return Stream.of(values())
        .filter(algorithm -> algorithm.signatureId.equals(signatureId))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("neither P-384 nor ML-DSA-87, but " + signatureId));
  }
}
