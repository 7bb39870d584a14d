/** {@code cloister}, one class per command; exit codes; how a Problem is printed. */
@NullMarked
package io.cloister.installer.cli;

import org.jspecify.annotations.NullMarked;
