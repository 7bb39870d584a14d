package io.cloister.appliance.access;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Under which names and addresses clients may reach this host; a certificate lists them. */
public record HostNames(Collection<String> names, Collection<String> addresses) {
  private static final Pattern DNS_NAME =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,62})(\\.[A-Za-z0-9-]{1,63})*");

  /** Loopback always, and whatever this host says of itself now; asks no name server. */
  public static HostNames ofThisHost() {
    TreeSet<String> names = new TreeSet<>();
    TreeSet<String> addresses = new TreeSet<>();
    names.add("localhost");
    addresses.add("127.0.0.1");
    addresses.add("::1");
    try {
      String name = InetAddress.getLocalHost().getHostName();
      if (DNS_NAME.matcher(name).matches()) {
        names.add(name);
      }
    } catch (UnknownHostException e) {
      // A host without a name of its own is reached by its addresses.
    }
    try {
      NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(address -> !address.isLinkLocalAddress() && !address.isLoopbackAddress())
          .forEach(address -> addresses.add(address.getHostAddress().replaceAll("%.*", "")));
    } catch (SocketException e) {
      // Then loopback is all there is.
    }
    return new HostNames(names, addresses);
  }
}
