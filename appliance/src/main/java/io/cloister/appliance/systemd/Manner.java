package io.cloister.appliance.systemd;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * How a listener treats its callers.
 *
 * @param isProtected by TLS
 * @param connectionsMax at a time
 * @param patience with a caller who takes nothing of what is sent
 * @param works whether something is done for the caller from there, though its bytes are waited for
 */
public record Manner(
    boolean isProtected, int connectionsMax, Duration patience, Predicate<SocketAddress> works) {}
