package io.cloister.repo;

/**
 * Why something was not accepted: evidence only, no words. Every record carries both values (what
 * was trusted or stated, and what was found). {@link RefusalWords} turns one into a {@link
 * Problem}.
 */
public sealed interface Refusal permits TrustRefusal, MediaRefusal, VendorRefusal {}
