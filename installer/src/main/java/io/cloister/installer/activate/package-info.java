/** Switches slots, waits for ready, marks good, or goes back. */
@NullMarked
package io.cloister.installer.activate;

import org.jspecify.annotations.NullMarked;
