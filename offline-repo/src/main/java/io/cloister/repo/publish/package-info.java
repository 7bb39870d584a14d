/** Packs, versions, signs; writes a consistent repository (vendor side). */
@NullMarked
package io.cloister.repo.publish;

import org.jspecify.annotations.NullMarked;
