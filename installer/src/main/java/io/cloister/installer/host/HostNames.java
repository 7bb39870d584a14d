package io.cloister.installer.host;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Under what others may reach this machine; the kernel is asked, not a name server. */
public final class HostNames {
  private static final Path NAME = Path.of("/proc/sys/kernel/hostname");

  private HostNames() {}

  /** The name, then the addresses of what is up, without those that only this machine has. */
  public static List<String> here() {
    List<String> names = new ArrayList<>();
    try {
      names.add(Files.readString(NAME).strip());
      NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(HostNames::isReachable)
          // Without the interface, which is no part of the address to others.
          .map(address -> address.getHostAddress().replaceFirst("%.*", ""))
          .distinct()
          .sorted()
          .forEach(names::add);
    } catch (IOException unknown) {
      return List.copyOf(names);
    }
    return List.copyOf(names);
  }

  /** Addresses of one link, such as those of IPv6 that everything has, need its name, too. */
  private static boolean isReachable(InetAddress address) {
    return !address.isLoopbackAddress() && !address.isLinkLocalAddress();
  }
}
