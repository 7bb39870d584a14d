/** The machine: disk, memory, CPU, clock, systemd; the only package that runs processes. */
@NullMarked
package io.cloister.installer.host;

import org.jspecify.annotations.NullMarked;
