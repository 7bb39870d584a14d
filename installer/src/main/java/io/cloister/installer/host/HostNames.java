package io.cloister.installer.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Under which name and addresses clients may reach this host, as the kernel has them (proc(5)): no
 * name server is asked, and no socket opened.
 */
public final class HostNames {
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,62}(\\.[A-Za-z0-9-]{1,63})*");
  private static final Pattern LOCAL =
      Pattern.compile("\\|-- ([0-9.]+)\\n\\s+/32 host LOCAL", Pattern.MULTILINE);
  private static final Pattern V6 =
      Pattern.compile("^([0-9a-f]{32}) \\S+ \\S+ ([0-9a-f]{2}) ", Pattern.MULTILINE);

  /** Scope {@code global} (addrconf.h); link-local addresses mean nothing to others. */
  private static final String GLOBAL = "00";

  private HostNames() {}

  /** The host's name first, then its addresses; loopback is left out. */
  public static List<String> ofThisHost() {
    return read(Path.of("/proc"));
  }

  static List<String> read(Path proc) {
    List<String> names = new ArrayList<>();
    String name = text(proc.resolve("sys/kernel/hostname")).strip();
    if (NAME.matcher(name).matches() && !name.equals("localhost")) {
      names.add(name);
    }
    TreeSet<String> addresses = new TreeSet<>();
    Matcher local = LOCAL.matcher(text(proc.resolve("net/fib_trie")));
    while (local.find()) {
      if (!local.group(1).startsWith("127.")) {
        addresses.add(local.group(1));
      }
    }
    Matcher v6 = V6.matcher(text(proc.resolve("net/if_inet6")));
    while (v6.find()) {
      if (v6.group(2).equals(GLOBAL)) {
        addresses.add(v6.group(1).replaceAll("(....)(?=.)", "$1:"));
      }
    }
    names.addAll(addresses);
    return List.copyOf(names);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }
}
