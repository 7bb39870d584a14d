/**
 * Puts verified content into service on a host, and takes it back; here: why that is refused, and
 * how it reads.
 */
@NullMarked
package io.cloister.installer;

import org.jspecify.annotations.NullMarked;
