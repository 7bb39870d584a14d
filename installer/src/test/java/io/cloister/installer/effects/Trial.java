package io.cloister.installer.effects;

import io.cloister.repo.testing.Fault;

/**
 * One fault.
 *
 * @param at counts effects from 1; one more than there are, when the fault comes after the last
 * @param what the effect, for whoever reads of it
 * @param serviceLives whether other processes live on, as after {@code kill -9} of the command
 */
record Trial(Operation operation, Fault fault, int at, String what, boolean serviceLives) {}
