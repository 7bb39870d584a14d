package io.cloister.appliance.config;

import java.net.InetSocketAddress;
import java.time.Duration;

/** What cloister.yaml says, with the defaults filled in. */
public record Settings(Listeners listeners, Limits limits, Scrub scrub, AccessLog accessLog) {

  /** Where the appliance listens. */
  public record Listeners(Listener inference, Listener console) {}

  /**
   * An address and a TCP port; port 0 lets the system choose.
   *
   * @param tls false only where the address is the machine's own
   */
  public record Listener(String address, int port, boolean tls) {
    public Listener(String address, int port) {
      this(address, port, true);
    }

    public InetSocketAddress socketAddress() {
      return new InetSocketAddress(address, port);
    }

    @Override
    public String toString() {
      return (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
    }
  }

  /**
   * What one request, and all waiting ones together, may take.
   *
   * @param requestBytes of a request body
   * @param queuePerModel requests that may wait for one model version
   * @param requestTime from admission to answer
   */
  public record Limits(long requestBytes, int queuePerModel, Duration requestTime) {}

  /**
   * How installed files are hashed again in the background.
   *
   * @param period from the start of one pass to the start of the next; zero where none is wanted
   * @param bytesPerSecond at most
   */
  public record Scrub(Duration period, long bytesPerSecond) {
    public boolean isOff() {
      return period.isZero();
    }
  }

  /**
   * A line for each request.
   *
   * @param mebibytes of all its files; 0 where none is wanted
   */
  public record AccessLog(int mebibytes) {}

  public static Settings defaults() {
    return new Settings(
        new Listeners(new Listener("0.0.0.0", 8443), new Listener("0.0.0.0", 9443)),
        new Limits(16L << 20, 64, Duration.ofSeconds(30)),
        new Scrub(Duration.ofHours(24), 16L << 20),
        new AccessLog(64));
  }
}
