package io.cloister.appliance.systemd;

/**
 * How a listener treats its callers.
 *
 * @param isProtected by TLS
 * @param connectionsMax at a time
 */
public record Manner(boolean isProtected, int connectionsMax) {}
