/** Fakes that behave: a signing repository, a file system that fails at its n-th operation. */
@NullMarked
package io.cloister.repo.testing;

import org.jspecify.annotations.NullMarked;
