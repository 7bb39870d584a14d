package io.cloister.installer.support;

import java.util.Optional;
import java.util.SortedMap;

/**
 * One entry as it stands in the archive.
 *
 * @param failure why the collector brought nothing, in words that quote nothing
 */
@SuppressWarnings("ArrayRecordComponent")
record ArchiveEntry(
    String name,
    byte[] content,
    boolean whole,
    Optional<String> failure,
    SortedMap<String, Integer> redacted) {}
