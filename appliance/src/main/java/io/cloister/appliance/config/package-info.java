/** Settings: read, checked as a whole, printed as they take effect. */
@NullMarked
package io.cloister.appliance.config;

import org.jspecify.annotations.NullMarked;
