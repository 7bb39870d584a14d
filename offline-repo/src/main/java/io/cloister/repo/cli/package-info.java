/** {@code cloister-repo}, one class per command. */
@NullMarked
package io.cloister.repo.cli;

import org.jspecify.annotations.NullMarked;
