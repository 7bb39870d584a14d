/**
 * Hours of callers good and bad, and what the appliance looks like meanwhile: {@code scripts/soak}.
 */
@NullMarked
package io.cloister.appliance.soak;

import org.jspecify.annotations.NullMarked;
