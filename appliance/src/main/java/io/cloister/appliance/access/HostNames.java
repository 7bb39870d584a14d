package io.cloister.appliance.access;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Under which names and addresses clients may reach this host; a certificate lists them. */
public record HostNames(Collection<String> names, Collection<String> addresses) {
  private static final Pattern DNS_NAME =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,62})(\\.[A-Za-z0-9-]{1,63})*");

  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-f:]*:[0-9a-f:.]*");

  /** Loopback always, and these; what is neither a name nor an address is left out. */
  public static HostNames of(Collection<String> given) {
    TreeSet<String> names = new TreeSet<>(List.of("localhost"));
    TreeSet<String> addresses = new TreeSet<>(List.of("127.0.0.1", "::1"));
    for (String each : given) {
      if (ADDRESS.matcher(each).matches()) {
        addresses.add(each);
      } else if (DNS_NAME.matcher(each).matches()) {
        names.add(each);
      }
    }
    return new HostNames(names, addresses);
  }

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
