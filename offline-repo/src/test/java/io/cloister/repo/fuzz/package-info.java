/** Fuzz targets: one for each parser of what comes on a medium. */
@NullMarked
package io.cloister.repo.fuzz;

import org.jspecify.annotations.NullMarked;
