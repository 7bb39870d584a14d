package io.cloister.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every socket of a host, traced from before the install until after the uninstall. */
class H04AirGap {
  private static final Pattern CALL =
      Pattern.compile("^\\d+<([^>]*)> (socket|connect|bind|sendto|sendmsg)\\((.*)");
  private static final Pattern INTERNET = Pattern.compile("sa_family=AF_INET|^AF_INET|^AF_PACKET");
  private static final Set<String> LISTENERS = Set.of("8443", "9443");

  private static final String ITSELF = "sin_addr=inet_addr(\"127.0.0.1\")";

  /** Training speaks to itself in an empty network, on a port that nobody chose. */
  private static final Pattern SPOKEN_TO =
      Pattern.compile("htons\\([345]\\d{4}\\), " + Pattern.quote(ITSELF));

  @TempDir Path folder;

  @Test
  void nothingButTheListenersAndUnixSocketsIsEverUsed() throws IOException, InterruptedException {
    Vendor vendor = Vendor.open(folder.resolve("vendor")).addRuntime().addModel("1.0.0");
    Path first = vendor.publish("first");
    Path second = vendor.addModel("1.1.0").publish("second");
    List<String> calls;
    try (TestHost host = TestHost.upTraced("airgap")) {
      host.media(first);
      host.install(first).ended(0);
      host.awaitReady();
      host.eject();
      host.media(second);
      host.types("cloister", "update", "/media/usb").ended(0);
      host.types("cloister", "status").ended(0);
      host.types("cloister", "support", "collect", "--output", "/root/support.tar.gz").ended(0);
      host.types("cloister", "uninstall").ended(0);
      calls = host.does("trace").ended(0).output().lines().toList();
    }
    assertThat(calls).anyMatch(call -> call.contains("<java>") && call.contains("AF_UNIX"));
    Set<String> strangers = new TreeSet<>();
    for (String line : calls) {
      Matcher call = CALL.matcher(line);
      if (call.find() && INTERNET.matcher(call.group(3)).find() && !allowed(call)) {
        strangers.add(line.replaceFirst("^\\d+", ""));
      }
    }
    assertThat(strangers).isEmpty();
  }

  private static boolean allowed(Matcher call) {
    String what = call.group(2);
    String arguments = call.group(3);
    return switch (what) {
      case "socket" -> true;
      case "bind" ->
          LISTENERS.stream().anyMatch(port -> arguments.contains("htons(" + port + ")"))
              || arguments.contains("htons(0), " + ITSELF);
      case "connect" -> SPOKEN_TO.matcher(arguments).find();
      default -> false;
    };
  }
}
