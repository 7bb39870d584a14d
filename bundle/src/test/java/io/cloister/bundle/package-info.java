/** The journeys: the assembled product, tested whole by its real commands. */
@NullMarked
package io.cloister.bundle;

import org.jspecify.annotations.NullMarked;
