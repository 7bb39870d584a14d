/** Keys, signatures and thresholds. */
@NullMarked
package io.cloister.repo.keys;

import org.jspecify.annotations.NullMarked;
