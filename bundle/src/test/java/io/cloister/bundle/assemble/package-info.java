/** Tests of the assembly, part by part and on what was assembled. */
@NullMarked
package io.cloister.bundle.assemble;

import org.jspecify.annotations.NullMarked;
