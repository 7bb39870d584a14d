/** Prompts, progress, tables; the only package that uses JLine. */
@NullMarked
package io.cloister.installer.console;

import org.jspecify.annotations.NullMarked;
