package io.cloister.appliance.inference;

/**
 * What one round of questions to a worker cost.
 *
 * @param cpuMicros processor time of the worker for one row
 * @param rowsPerSecond with as many runs at once as it takes
 * @param aloneMillis median of one question at a time
 */
record Figures(double cpuMicros, double rowsPerSecond, double aloneMillis) {}
