package io.cloister.appliance.config;

import java.util.List;
import java.util.stream.Collectors;

/** cloister.yaml cannot be used; every problem in it at once. */
public final class SettingsRefused extends Exception {
  private static final long serialVersionUID = 1;

  /**
   * One problem.
   *
   * @param key where, e.g. {@code limits.request_seconds}; the file's path when it cannot be read
   * @param why what is wrong, with the value found
   */
  public record Fault(String key, String why) {
    @Override
    public String toString() {
      return key + ": " + why;
    }
  }

  private final transient List<Fault> faults;

  public SettingsRefused(List<Fault> faults) {
    super(faults.stream().map(Fault::toString).collect(Collectors.joining("; ")));
    this.faults = List.copyOf(faults);
  }

  public List<Fault> faults() {
    return faults;
  }
}
