/** Supervises workers: batching, admission, deadlines, restarts. */
@NullMarked
package io.cloister.appliance.inference;

import org.jspecify.annotations.NullMarked;
