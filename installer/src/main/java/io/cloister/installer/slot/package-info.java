/** Release slots and their states, written atomically under a lock. */
@NullMarked
package io.cloister.installer.slot;

import org.jspecify.annotations.NullMarked;
