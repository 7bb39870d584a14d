package io.cloister.installer.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.installer.InstallRefusal;
import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.console.Amounts;
import io.cloister.installer.host.Listener;
import io.cloister.installer.preflight.Need;
import io.cloister.installer.slot.Deployment;
import io.cloister.installer.slot.DeploymentJson;
import io.cloister.installer.slot.Slots;
import io.cloister.installer.stage.InstallPlan;
import io.cloister.installer.stage.PausedSet;
import io.cloister.repo.RefusedException;
import io.cloister.repo.client.PackageReader;
import io.cloister.repo.client.VerifiedPackage;
import io.cloister.repo.content.Kind;
import io.cloister.repo.content.ManifestFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A plan for this machine, and whether the machine can take it. */
record Planned(Optional<InstallPlan> plan, Optional<Deployment> serving) {
  /** The one platform that releases exist for; another machine is told so by preflight. */
  private static final String PLATFORM = "linux-x64";

  static Planned make(Session session, Source source, Slots slots) throws InstallRefusedException {
    return new Planned(
        InstallPlan.plan(
            source.catalog(), slots, PLATFORM, source.medium().name(), session.edge().now()),
        slots.findServing());
  }

  /** Refuses with everything that stands against the plan, warns of the rest. */
  void check(Session session, Source source, Map<String, Listener> listeners)
      throws IOException, RefusedException, InstallRefusedException {
    check(session, source, listeners, List.of());
  }

  /**
   * Likewise.
   *
   * @param before what stands against it anyway
   */
  void check(
      Session session, Source source, Map<String, Listener> listeners, List<InstallRefusal> before)
      throws IOException, RefusedException, InstallRefusedException {
    Findings.look(session, need(session, source, listeners)).refuse(before);
  }

  /** Refuses where the medium is a delta and leaves out what this machine lacks. */
  void requireBase(Source source) throws RefusedException {
    List<VerifiedPackage> staged = plan.map(InstallPlan::toStage).orElse(List.of());
    source.reader().requireBase(PackageReader.chunks(staged));
  }

  /** What the plan asks of this machine. */
  Need need(Session session, Source source, Map<String, Listener> listeners)
      throws IOException, RefusedException, InstallRefusedException {
    Optional<VerifiedPackage> release = plan.flatMap(InstallPlan::findStagedRelease);
    boolean resumed = isResumed(session, source);
    Optional<Need.Release> needed = Optional.empty();
    if (release.isPresent()) {
      String platform = release.get().id().name();
      long bytes = resumed ? 0 : release.get().manifest().length();
      needed = Optional.of(new Need.Release(platform, source.findGlibc(release.get()), bytes));
    }
    List<VerifiedPackage> staged = plan.map(InstallPlan::toStage).orElse(List.of());
    long modelBytes =
        staged.stream()
            .filter(each -> each.id().kind() == Kind.MODEL)
            .mapToLong(each -> each.manifest().length())
            .sum();
    long fileBytesMax =
        staged.stream()
            .flatMap(each -> each.manifest().files().stream())
            .mapToLong(ManifestFile::length)
            .max()
            .orElse(0);
    return new Need(needed, resumed ? 0 : modelBytes, fileBytesMax, listeners, true);
  }

  /** Where a set of volumes is taken up again, its room was there before and is partly used. */
  private static boolean isResumed(Session session, Source source)
      throws IOException, InstallRefusedException {
    Optional<String> set = source.medium().findSet();
    return set.isPresent() && new PausedSet(session.paths()).find().equals(set);
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("changes", plan.isPresent());
    plan.ifPresent(
        p -> {
          json.put("slot", p.slot().toString());
          json.put("bytes", p.bytes());
          json.set("deployment", DeploymentJson.encode(p.deployment()));
          ArrayNode stage = json.putArray("write");
          p.toStage().forEach(each -> stage.add(each.id().toString()));
          ArrayNode changes = json.putArray("versions");
          p.replacements(serving)
              .forEach(
                  each ->
                      changes
                          .addObject()
                          .put("name", each.name())
                          .put("from", each.from().orElse(null))
                          .put("to", each.to()));
          ArrayNode reuse = json.putArray("reuse");
          p.toReuse().forEach(each -> reuse.add(each.id().toString()));
        });
    return json;
  }

  String text() {
    return plan.map(p -> words() + "\nnothing was done")
        .orElse("nothing on this medium is newer than what is installed");
  }

  /** The plan, where there is one. */
  String words() {
    return plan.map(
            p ->
                "into slot %s: %s to write\n  %s"
                    .formatted(p.slot(), Amounts.bytes(p.bytes()), String.join("\n  ", lines(p))))
        .orElse("");
  }

  private List<String> lines(InstallPlan p) {
    List<String> lines = new ArrayList<>(p.lines());
    if (serving.isPresent()) {
      p.replacements(serving).forEach(each -> lines.add("change  " + each.words()));
    }
    return lines;
  }
}
