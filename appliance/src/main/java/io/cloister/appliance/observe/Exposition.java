package io.cloister.appliance.observe;

import java.util.Collection;
import java.util.function.Function;

/** Text in the Prometheus exposition format 0.0.4. */
final class Exposition {
  private final StringBuilder text = new StringBuilder();

  /** Begins a metric: its samples follow. */
  void family(String name, String type, String help) {
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  /**
   * @param labels as {@link #label} makes them, separated by commas; none when empty
   */
  void sample(String name, String labels, Number value) {
    text.append(name);
    if (!labels.isEmpty()) {
      text.append('{').append(labels).append('}');
    }
    text.append(' ').append(value).append('\n');
  }

  /** A metric without labels. */
  void single(String name, String type, String help, Number value) {
    family(name, type, help);
    sample(name, "", value);
  }

  /** A metric of one sample for each of those. */
  <T> void each(
      Collection<T> all,
      String name,
      String type,
      String help,
      Function<T, String> labels,
      Function<T, ? extends Number> value) {
    family(name, type, help);
    all.forEach(one -> sample(name, labels.apply(one), value.apply(one)));
  }

  static String label(String name, String value) {
    String escaped = value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    return name + "=\"" + escaped + "\"";
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
