package io.cloister.installer.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.installer.InstallRefusal;
import io.cloister.installer.InstallRefusal.Unfit;
import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.console.Table;
import io.cloister.installer.preflight.Check;
import io.cloister.installer.preflight.Check.State;
import io.cloister.installer.preflight.Need;
import io.cloister.installer.preflight.Preflight;
import io.cloister.repo.Problem;
import io.cloister.repo.RefusedException;
import io.cloister.repo.client.Anchor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What preflight found, and how it is told. */
record Findings(Session session, List<Check> checks) {

  static Findings look(Session session, Need need) throws IOException {
    Edge edge = session.edge();
    return new Findings(
        session,
        Preflight.look(
            edge.machine(), session.anyPaths(), need, edge.now(), edge.surroundings().nanoTime()));
  }

  /** Opens the medium, as {@link #beside}. */
  static Source open(Session session, List<Path> media, Optional<Anchor> anchor, Need need)
      throws IOException, RefusedException, InstallRefusedException {
    return beside(session, need, () -> Source.open(session, media, anchor));
  }

  /** Reads a medium, or its metadata. */
  @FunctionalInterface
  interface Reading<T> {
    T read() throws IOException, RefusedException, InstallRefusedException;
  }

  /** Where reading is refused, everything else that stands against it is said too. */
  static <T> T beside(Session session, Need need, Reading<T> reading)
      throws IOException, RefusedException, InstallRefusedException {
    try {
      return reading.read();
    } catch (RefusedException e) {
      List<InstallRefusal> beside = look(session, need).refusals();
      if (!beside.isEmpty()) {
        e.addSuppressed(new InstallRefusedException(beside));
      }
      throw e;
    }
  }

  /** Refuses where nothing can be looked for, because nothing can be installed there at all. */
  static void refuseUnusable(Session session, Need need)
      throws IOException, InstallRefusedException {
    try {
      session.paths();
    } catch (InstallRefusedException e) {
      look(session, need).refuse(List.of());
      throw e;
    }
  }

  /**
   * Warns, in a line each, and refuses with everything that stands against it.
   *
   * @param before what else does
   */
  void refuse(List<InstallRefusal> before) throws InstallRefusedException {
    with(State.WARNING).map(this::problem).forEach(this::warn);
    List<InstallRefusal> all = Stream.concat(before.stream(), refusals().stream()).toList();
    if (!all.isEmpty()) {
      throw new InstallRefusedException(all);
    }
  }

  private void warn(Problem problem) {
    session.say(
        "warning: %s; %s  [%s]".formatted(problem.summary(), problem.next(), problem.code()));
  }

  List<InstallRefusal> refusals() {
    return with(State.UNFIT)
        .<InstallRefusal>map(check -> new Unfit(check.finding().orElseThrow()))
        .toList();
  }

  private Stream<Check> with(State state) {
    return checks.stream().filter(check -> check.state() == state);
  }

  private Problem problem(Check check) {
    return new Failure(session, "").words(check.finding().orElseThrow());
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("fit", with(State.UNFIT).findAny().isEmpty());
    ArrayNode all = json.putArray("checks");
    for (Check check : checks) {
      ObjectNode entry = all.addObject();
      entry.put("check", check.name().replace(' ', '_')).put("state", word(check));
      entry.put("found", check.found()).put("needed", check.needed());
      if (check.finding().isPresent()) {
        Problem problem = problem(check);
        entry.put("code", problem.code()).put("summary", problem.summary());
        entry.put("why", problem.why()).put("next", problem.next());
      }
    }
    return json;
  }

  /** A row for each check; the warnings in full; what is unfit is refused, and printed as that. */
  String text() {
    List<List<String>> rows = new ArrayList<>();
    for (Check check : checks) {
      rows.add(List.of(check.name(), word(check), check.found(), check.needed()));
    }
    var text = new StringBuilder();
    text.append(new Table(List.of("check", "", "found", "needed"), rows).text());
    with(State.WARNING).map(this::problem).forEach(problem -> text.append(block(problem)));
    long unfit = with(State.UNFIT).count();
    long warnings = with(State.WARNING).count();
    text.append(
        unfit == 0 ? "this machine is fit" : "this machine is not fit: " + unfit + " unfit");
    if (warnings > 0) {
      text.append(", ").append(warnings).append(warnings == 1 ? " warning" : " warnings");
    }
    return text.append('\n').toString();
  }

  private static String word(Check check) {
    return check.state().name().toLowerCase(Locale.ROOT);
  }

  /** Like an error, but without the state: nothing happened. */
  private static String block(Problem problem) {
    var text = new StringBuilder();
    text.append("warning: %s  [%s]\n".formatted(problem.summary(), problem.code()));
    problem.evidence().forEach(line -> append(text, line.label(), line.value()));
    append(text, "why", problem.why());
    append(text, "next", problem.next());
    return text.toString();
  }

  private static void append(StringBuilder text, String label, String value) {
    text.append("  %-9s %s\n".formatted(label, value));
  }
}
