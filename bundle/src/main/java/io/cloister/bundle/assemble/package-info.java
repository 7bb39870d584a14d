/** jlink image, slot layout, SBOM, notices, bootstrap. */
@NullMarked
package io.cloister.bundle.assemble;

import org.jspecify.annotations.NullMarked;
