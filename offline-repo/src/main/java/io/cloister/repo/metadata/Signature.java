package io.cloister.repo.metadata;

/**
 * A signature over the canonical form of a {@code signed} part.
 *
 * @param sig lower-case hexadecimal digits; not checked here: a foreign scheme may write otherwise
 */
public record Signature(String keyId, String sig) {}
