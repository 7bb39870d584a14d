package io.cloister.installer.preflight;

import io.cloister.installer.HostFinding.PortsInUse;
import io.cloister.installer.HostFinding.PortsInUse.Taken;
import io.cloister.installer.host.Listener;
import io.cloister.installer.host.Machine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Whether the listeners can be opened: by opening them. */
final class PortCheck {
  private PortCheck() {}

  static Check look(Machine machine, Need need) {
    if (need.listeners().isEmpty()) {
      return Check.ok("ports", "the service has them", "");
    }
    List<Taken> taken = new ArrayList<>();
    for (Map.Entry<String, Listener> each : sorted(need.listeners())) {
      Listener at = each.getValue();
      machine
          .findObstacle(at.address(), at.port())
          .ifPresent(
              reason -> taken.add(new Taken(each.getKey(), at.toString(), at.port(), reason)));
    }
    String needed = words(need.listeners());
    return taken.isEmpty()
        ? Check.ok("ports", "free", needed)
        : Check.unfit(
            "ports",
            String.join(", ", taken.stream().map(t -> t.at() + " is taken").toList()),
            needed,
            new PortsInUse(taken, need.chosenHere()));
  }

  private static String words(Map<String, Listener> listeners) {
    return String.join(
        ", ", sorted(listeners).stream().map(each -> each.getValue().toString()).toList());
  }

  private static List<Map.Entry<String, Listener>> sorted(Map<String, Listener> listeners) {
    Comparator<Map.Entry<String, Listener>> byPort =
        Comparator.comparingInt(each -> each.getValue().port());
    return listeners.entrySet().stream().sorted(byPort.thenComparing(Map.Entry::getKey)).toList();
  }
}
