/** Everything that can go wrong with every effect of every operation. */
@NullMarked
package io.cloister.installer.effects;

import org.jspecify.annotations.NullMarked;
