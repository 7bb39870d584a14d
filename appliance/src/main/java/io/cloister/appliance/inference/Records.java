package io.cloister.appliance.inference;

import io.cloister.appliance.model.AcceptanceRecords;
import io.cloister.appliance.model.Host;
import io.cloister.appliance.model.Tunings;

/**
 * What is kept of model versions on this machine.
 *
 * @param host as it is now
 */
public record Records(AcceptanceRecords acceptances, Tunings tunings, Host host) {}
