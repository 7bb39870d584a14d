package io.cloister.installer.preflight;

import io.cloister.installer.host.HostPaths;
import io.cloister.installer.host.Machine;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Looks at everything a command needs before anything is written, and reports all of it at once.
 * Nothing of the machine is changed.
 */
public final class Preflight {
  private Preflight() {}

  /**
   * Every check, in the order they are read.
   *
   * @param now the host clock
   * @param nanoTime as {@link System#nanoTime}
   */
  public static List<Check> look(
      Machine machine, HostPaths paths, Need need, Instant now, LongSupplier nanoTime)
      throws IOException {
    var facts = machine.facts().get();
    var folders = new FolderChecks(machine, facts, paths);
    var disks = new DiskChecks(machine, facts, paths);
    var process = new ProcessChecks(facts, paths);
    List<Check> checks = new ArrayList<>(new SystemChecks(machine, facts, paths).all(need, now));
    checks.add(process.umask());
    checks.add(process.limits(need.fileBytesMax()));
    checks.add(process.locale());
    checks.add(folders.socketPath());
    Check links = folders.links();
    checks.add(links);
    checks.add(folders.owners());
    Check writable = folders.writable();
    checks.add(writable);
    checks.add(disks.programsStart());
    boolean reachable = links.isOk() && writable.isOk();
    checks.add(disks.room(need, reachable));
    checks.add(disks.speed(nanoTime, reachable));
    checks.add(PortCheck.look(machine, need));
    return List.copyOf(checks);
  }
}
