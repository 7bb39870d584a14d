package io.cloister.installer.stage;

import io.cloister.installer.InstallRefusal;
import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.slot.Deployment;
import io.cloister.installer.slot.InstalledPackage;
import io.cloister.installer.slot.SlotName;
import io.cloister.installer.slot.Slots;
import io.cloister.repo.client.Catalog;
import io.cloister.repo.client.VerifiedPackage;
import io.cloister.repo.content.Kind;
import io.cloister.repo.content.PackageId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * Every choice of an install or update, made before anything is written; carrying it out makes
 * none.
 *
 * @param slot the inactive one, which the deployment goes into
 * @param deployment what serves in the end
 * @param toStage packages whose files are written from the medium
 * @param toReuse packages that the machine has already, hashed again before use
 */
public record InstallPlan(
    SlotName slot,
    Deployment deployment,
    List<VerifiedPackage> toStage,
    List<InstalledPackage> toReuse) {

  public InstallPlan {
    toStage = List.copyOf(toStage);
    toReuse = List.copyOf(toReuse);
  }

  /**
   * The newest of everything on the medium that is newer than what serves; what the medium does not
   * have stays.
   *
   * @return empty when the medium has nothing newer
   */
  public static Optional<InstallPlan> plan(
      Catalog catalog, Slots slots, String platform, String medium, Instant now)
      throws InstallRefusedException {
    var choice = new Choice(catalog, slots);
    InstalledPackage release =
        choice
            .choose(Kind.RUNTIME, platform)
            .orElseThrow(
                () ->
                    new InstallRefusedException(
                        new InstallRefusal.NoRuntimeOnMedium(medium, platform)));
    var names = new TreeMap<String, Boolean>();
    catalog.ofKind(Kind.MODEL).forEach(model -> names.put(model.id().name(), true));
    slots.findServing().ifPresent(d -> d.models().forEach(model -> names.put(model.name(), true)));
    List<InstalledPackage> models = new ArrayList<>();
    for (String name : names.keySet()) {
      choice.choose(Kind.MODEL, name).ifPresent(models::add);
    }
    var next = new Deployment(slots.nextGeneration(), now, release, models);
    if (slots.findServing().filter(serving -> serves(serving, next)).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(new InstallPlan(slots.inactive(), next, choice.toStage, choice.toReuse));
  }

  private static boolean serves(Deployment serving, Deployment next) {
    return serving.release().id().equals(next.release().id()) && ids(serving).equals(ids(next));
  }

  private static List<PackageId> ids(Deployment deployment) {
    return deployment.models().stream().map(InstalledPackage::id).sorted().toList();
  }

  /** Bytes to be written. */
  public long bytes() {
    return toStage.stream().mapToLong(each -> each.manifest().length()).sum();
  }

  /** The release to be written, when it changes. */
  public Optional<VerifiedPackage> findStagedRelease() {
    return toStage.stream().filter(each -> each.id().kind() == Kind.RUNTIME).findFirst();
  }

  /** What a dry run prints: a line for each package. */
  public List<String> lines() {
    return Stream.concat(
            toStage.stream()
                .map(p -> "write   %s, %d bytes".formatted(p.id(), p.manifest().length())),
            toReuse.stream().map(p -> "reuse   %s, hashed again".formatted(p.id())))
        .toList();
  }

  /**
   * One version in the place of another.
   *
   * @param name {@code release}, or {@code model} and its name
   * @param from empty for what is new here
   */
  public record Replacement(String name, Optional<String> from, String to) {
    /** As a person reads it. */
    public String words() {
      return name + " " + from.map(old -> old + " -> " + to).orElse(to + ", new");
    }
  }

  /** What would be served instead of what; the same version is none of it. */
  public List<Replacement> replacements(Optional<Deployment> serving) {
    Map<String, String> before = new TreeMap<>();
    serving.ifPresent(d -> versions(d, before::put));
    List<Replacement> found = new ArrayList<>();
    versions(
        deployment,
        (name, version) -> {
          Optional<String> old = Optional.ofNullable(before.get(name));
          if (old.filter(version::equals).isEmpty()) {
            found.add(new Replacement(name, old, version));
          }
        });
    return found;
  }

  private static void versions(Deployment deployment, BiConsumer<String, String> each) {
    each.accept("release", deployment.release().version().toString());
    deployment.models().forEach(m -> each.accept("model " + m.name(), m.version().toString()));
  }

  private static final class Choice {
    private final Catalog catalog;
    private final Slots slots;
    private final List<VerifiedPackage> toStage = new ArrayList<>();
    private final List<InstalledPackage> toReuse = new ArrayList<>();

    Choice(Catalog catalog, Slots slots) {
      this.catalog = catalog;
      this.slots = slots;
    }

    /** The newer one of what serves and what is offered. */
    Optional<InstalledPackage> choose(Kind kind, String name) throws InstallRefusedException {
      Optional<InstalledPackage> serving =
          slots.findServing().stream()
              .flatMap(deployment -> deployment.packages().stream())
              .filter(p -> is(p, kind, name))
              .findFirst();
      Optional<VerifiedPackage> offered = catalog.findNewest(kind, name);
      if (offered.isEmpty() || serving.filter(s -> newer(s, offered.get())).isPresent()) {
        return serving;
      }
      Optional<InstalledPackage> present = findPresent(offered.get());
      if (present.isPresent()) {
        if (serving.filter(s -> s.id().equals(offered.get().id())).isEmpty()) {
          toReuse.add(present.get());
        }
        return present;
      }
      toStage.add(offered.get());
      return Optional.of(installed(offered.get()));
    }

    private Optional<InstalledPackage> findPresent(VerifiedPackage offered)
        throws InstallRefusedException {
      Optional<InstalledPackage> present =
          slots.deploymentsToKeep().stream()
              .flatMap(deployment -> deployment.packages().stream())
              .filter(p -> p.id().equals(offered.id()))
              .findFirst();
      if (present.isPresent() && !present.get().manifestSha256().equals(offered.manifestSha256())) {
        throw new InstallRefusedException(
            new InstallRefusal.VersionReused(
                offered.id().toString(),
                present.get().manifestSha256().hex(),
                offered.manifestSha256().hex()));
      }
      return present;
    }

    private static boolean is(InstalledPackage installed, Kind kind, String name) {
      return installed.id().kind() == kind && installed.name().equals(name);
    }

    private static boolean newer(InstalledPackage serving, VerifiedPackage offered) {
      return serving.id().version().compareTo(offered.id().version()) > 0;
    }

    private static InstalledPackage installed(VerifiedPackage offered) {
      return new InstalledPackage(offered.id(), offered.manifestSha256(), offered.provenance());
    }
  }
}
