package io.cloister.installer.host;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the service listens.
 *
 * @param address a name or number, IPv6 without brackets
 * @param port 1 to 65535
 */
public record Listener(String address, int port) {
  private static final Pattern FORM =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)]|([A-Za-z0-9.-]+)):(\\d{1,5})");

  public Listener {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("a port is 1 to 65535, not " + port);
    }
  }

  /** From {@code ADDR:PORT}, an IPv6 address in brackets. */
  public static Listener parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException("not ADDR:PORT: " + text);
    }
    String address = form.group(1) == null ? form.group(2) : form.group(1);
    return new Listener(address, Integer.parseInt(form.group(3)));
  }

  /** Whether one machine cannot have both open: the same port, on addresses that overlap. */
  public boolean collides(Listener other) {
    return port == other.port && (isAny() || other.isAny() || resolve().equals(other.resolve()));
  }

  /** With the address as a number, an IPv6 one in brackets. */
  String numeric() {
    return new Listener(resolve(), port).toString();
  }

  private boolean isAny() {
    return address.equals("0.0.0.0") || address.equals("::");
  }

  private String resolve() {
    try {
      return InetAddress.getByName(address).getHostAddress();
    } catch (UnknownHostException e) {
      return address;
    }
  }

  /** What a client on this machine calls. */
  public String url() {
    String host = isAny() ? "localhost" : address;
    return "https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + "/";
  }

  /**
   * What others call; none where only this machine can.
   *
   * @param names of this machine
   */
  public List<String> urls(List<String> names) {
    return isAny()
        ? names.stream().map(name -> new Listener(name, port).url()).toList()
        : List.of();
  }

  @Override
  public String toString() {
    return (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
  }
}
