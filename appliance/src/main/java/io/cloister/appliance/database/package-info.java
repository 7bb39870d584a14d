/** H2 and Flyway migrations. */
@NullMarked
package io.cloister.appliance.database;

import org.jspecify.annotations.NullMarked;
