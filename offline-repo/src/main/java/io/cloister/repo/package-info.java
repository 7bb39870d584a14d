/**
 * What may be trusted, and where its bytes lie; here: why something is refused, and how that reads.
 */
@NullMarked
package io.cloister.repo;

import org.jspecify.annotations.NullMarked;
