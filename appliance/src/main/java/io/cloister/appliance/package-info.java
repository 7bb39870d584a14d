/** Main: builds the parts in order, starts, drains, stops. */
@NullMarked
package io.cloister.appliance;

import org.jspecify.annotations.NullMarked;
