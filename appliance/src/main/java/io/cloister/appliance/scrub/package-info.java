/** Hashes what is installed again, in the background, and tells what was changed. */
@NullMarked
package io.cloister.appliance.scrub;

import org.jspecify.annotations.NullMarked;
