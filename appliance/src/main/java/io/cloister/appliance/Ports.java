package io.cloister.appliance;

import io.cloister.appliance.StartFault.AddressUnfit;
import io.cloister.appliance.StartFault.PortInUse;
import io.cloister.appliance.config.Settings.Listener;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Locale;

/** Tries a listener's address before the server does: Helidon only logs why it could not listen. */
final class Ports {
  private Ports() {}

  static void check(String name, Listener listener) throws StartRefused {
    InetSocketAddress address = new InetSocketAddress(listener.address(), listener.port());
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(address);
    } catch (BindException e) {
      String reason = String.valueOf(e.getMessage());
      boolean inUse = reason.toLowerCase(Locale.ROOT).contains("in use");
      throw new StartRefused(
          inUse ? new PortInUse(name, listener, reason) : new AddressUnfit(name, listener, reason),
          e);
    } catch (IOException e) {
      throw new StartRefused(new AddressUnfit(name, listener, String.valueOf(e)), e);
    }
  }
}
