package io.cloister.installer.cli;

import io.cloister.installer.activate.Patience;
import io.cloister.installer.console.Surroundings;
import io.cloister.installer.host.Machine;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.time.Instant;

/**
 * What a command takes from outside, once.
 *
 * @param now the host clock, read once per run
 * @param disk that the host's own paths are of
 */
public record Edge(
    Surroundings surroundings, Instant now, Machine machine, Patience patience, FileSystem disk) {
  /** On this host's own disk. */
  public Edge(Surroundings surroundings, Instant now, Machine machine, Patience patience) {
    this(surroundings, now, machine, patience, FileSystems.getDefault());
  }
}
