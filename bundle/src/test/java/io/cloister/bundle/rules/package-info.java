/** What the whole source tree must keep to. */
@NullMarked
package io.cloister.bundle.rules;

import org.jspecify.annotations.NullMarked;
