package io.cloister.appliance.inference;

import java.time.Duration;

/**
 * What may wait for one worker, and what it is given.
 *
 * @param runningMax runs that it takes at once
 * @param runningBytes of their inputs: with more than that it takes none beside
 * @param rowsMax rows that requests which share a run may have together
 * @param runTime limit of one run
 */
record QueueBounds(
    int waitingMax, int runningMax, long runningBytes, long rowsMax, Duration runTime) {}
