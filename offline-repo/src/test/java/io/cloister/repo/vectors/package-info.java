/**
 * The test vectors of {@code docs/format/vectors}: how they were made, and that they still hold.
 */
@NullMarked
package io.cloister.repo.vectors;

import org.jspecify.annotations.NullMarked;
