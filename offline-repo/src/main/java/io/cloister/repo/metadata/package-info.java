/** TUF roles as records: Root, Timestamp, Snapshot, Targets, Key, Signed; bytes in, bytes out. */
@NullMarked
package io.cloister.repo.metadata;

import org.jspecify.annotations.NullMarked;
