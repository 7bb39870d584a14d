package io.cloister.appliance.bench;

/**
 * What a number of callers saw in one round.
 *
 * @param answers in the round
 * @param seconds it took
 * @param p50Millis half of the answers came faster
 * @param p99Millis all but one in a hundred came faster
 * @param serverMicros processor time of the server, workers included, for one answer
 * @param clientMicros that of the callers
 */
public record Round(
    long answers,
    double seconds,
    double p50Millis,
    double p99Millis,
    double serverMicros,
    double clientMicros) {
  public double perSecond() {
    return answers / seconds;
  }

  public double cpuMicros() {
    return serverMicros + clientMicros;
  }
}
