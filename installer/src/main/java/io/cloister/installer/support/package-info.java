/** Collectors and redactors; writes the support archive even when the appliance is down. */
@NullMarked
package io.cloister.installer.support;

import org.jspecify.annotations.NullMarked;
