package io.cloister.appliance.text;

/**
 * A text as a model takes it. The arrays are equally long and must not be changed.
 *
 * @param tokens of the whole text, special ones counted, before anything was cut
 * @param truncated whether something was cut
 */
@SuppressWarnings("ArrayRecordComponent") // Passed on once, never compared.
public record Encoded(
    long[] ids, long[] attentionMask, long[] typeIds, int tokens, boolean truncated) {}
