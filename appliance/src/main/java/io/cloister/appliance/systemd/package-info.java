/** What systemd hands to the service and hears from it: sockets, readiness, the watchdog. */
@NullMarked
package io.cloister.appliance.systemd;

import org.jspecify.annotations.NullMarked;
