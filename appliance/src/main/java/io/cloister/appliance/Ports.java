package io.cloister.appliance;

import io.cloister.appliance.StartFault.AddressUnfit;
import io.cloister.appliance.StartFault.OtherSocket;
import io.cloister.appliance.StartFault.PortInUse;
import io.cloister.appliance.config.Settings.Listener;
import io.cloister.appliance.systemd.PassedSocket;
import io.cloister.appliance.systemd.PassedSockets;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Locale;
import java.util.Optional;

/** Tries a listener's address before the server does: Helidon only logs why it could not listen. */
final class Ports {
  private Ports() {}

  /** A socket that was passed is where the settings say, or nobody would find the service. */
  static void check(String name, Listener listener, PassedSockets sockets) throws StartRefused {
    if (sockets.byName().isEmpty()) {
      check(name, listener);
      return;
    }
    Optional<InetSocketAddress> passed = sockets.find(name).map(PassedSocket::address);
    InetAddress wanted = listener.socketAddress().getAddress();
    boolean right =
        passed
            .filter(p -> p.getPort() == listener.port() && p.getAddress().equals(wanted))
            .isPresent();
    if (!right) {
      String found =
          passed.map(p -> p.getAddress().getHostAddress() + ":" + p.getPort()).orElse("");
      throw new StartRefused(new OtherSocket(name, listener, found));
    }
  }

  private static void check(String name, Listener listener) throws StartRefused {
    InetSocketAddress address = listener.socketAddress();
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
