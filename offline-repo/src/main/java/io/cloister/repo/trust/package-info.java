/** The TUF client workflow (spec 1.0.34 §5) as pure checks: no file, no clock, no network. */
@NullMarked
package io.cloister.repo.trust;

import org.jspecify.annotations.NullMarked;
