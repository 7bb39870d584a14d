/** Fakes that behave. */
@NullMarked
package io.cloister.installer.testing;

import org.jspecify.annotations.NullMarked;
