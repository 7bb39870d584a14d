/** Findings about the machine, each with what to do. */
@NullMarked
package io.cloister.installer.preflight;

import org.jspecify.annotations.NullMarked;
