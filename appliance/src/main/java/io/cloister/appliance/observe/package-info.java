/** Metrics, health, structured logs; it reads the parts, no part logs through it. */
@NullMarked
package io.cloister.appliance.observe;

import org.jspecify.annotations.NullMarked;
