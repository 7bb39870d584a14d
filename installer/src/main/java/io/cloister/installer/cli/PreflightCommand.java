package io.cloister.installer.cli;

import io.cloister.installer.InstallRefusal;
import io.cloister.installer.InstallRefusal.SameListener;
import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.host.Listener;
import io.cloister.installer.host.Machine;
import io.cloister.installer.preflight.Check;
import io.cloister.installer.preflight.Need;
import io.cloister.installer.slot.SlotFiles;
import io.cloister.installer.slot.Slots;
import io.cloister.installer.stage.Footprint;
import io.cloister.installer.stage.SettingsFile;
import io.cloister.repo.ExitCode;
import io.cloister.repo.RefusedException;
import io.cloister.repo.client.Anchor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/**
 * {@code cloister preflight}: everything that an install or update asks of the machine, in rows.
 */
@Command(
    name = "preflight",
    sortOptions = false,
    abbreviateSynopsis = true,
    description = {
      "Look whether this machine can take an install, or an update where something is installed.",
      "Nothing is changed. Exit code 4 where it cannot."
    })
final class PreflightCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Cloister cloister;

  @Parameters(
      paramLabel = "MEDIA",
      arity = "0..*",
      description = {
        "What would be installed: a folder or a bundle.",
        "Without it, what every release asks is looked at."
      })
  private List<Path> media = List.of();

  @Option(
      names = "--trusted-root",
      paramLabel = "FILE|sha256:HEX",
      converter = AnchorConverter.class,
      description = "The vendor's root.json, or the digest of it, from the vendor's letter.")
  private @Nullable Anchor trustedRoot;

  @Option(
      names = "--inference",
      paramLabel = "ADDR:PORT",
      converter = ListenerConverter.class,
      description = "Where applications would call the models (default: 0.0.0.0:8443).")
  private Listener inference = new Listener("0.0.0.0", 8443);

  @Option(
      names = "--console",
      paramLabel = "ADDR:PORT",
      converter = ListenerConverter.class,
      description = "Where people would open the local web page (default: 0.0.0.0:9443).")
  private Listener console = new Listener("0.0.0.0", 9443);

  @Override
  public Integer call() {
    List<Path> paths = Media.paths(media);
    return Media.parent(cloister).perform(Media.words(paths), session -> look(session, paths));
  }

  private ExitCode look(Session session, List<Path> media) throws Exception {
    HostPaths paths = session.anyPaths();
    boolean folder = Files.isDirectory(Machine.nearestExisting(paths.root()));
    Slots slots = folder ? new SlotFiles(paths).read() : Slots.EMPTY;
    boolean running = slots.active().isPresent() && session.service().running();
    Optional<SettingsFile> site = SettingsFile.find(paths);
    var settings = site.orElseGet(() -> new SettingsFile(inference, console));
    Map<String, Listener> listeners = running ? Map.of() : settings.listeners();
    Need need = Need.ofService(listeners, site.isEmpty());
    Optional<Exception> fault = Optional.empty();
    if (!media.isEmpty()) {
      try (Source source = Source.open(session, media, Optional.ofNullable(trustedRoot))) {
        Planned planned = Planned.make(session, source, slots);
        need = planned.need(session, source, listeners);
        planned.requireBase(source);
      } catch (RefusedException | InstallRefusedException e) {
        fault = Optional.of(e);
      }
    }
    List<Check> checks = new ArrayList<>(List.of(installed(paths, slots, running)));
    checks.addAll(Findings.look(session, need).checks());
    var findings = new Findings(session, checks);
    session.console().result(findings.json(), findings.text());
    refuse(findings, settings, fault);
    return ExitCode.DONE;
  }

  private static Check installed(HostPaths paths, Slots slots, boolean running) throws IOException {
    String found =
        slots
            .findServing()
            .map(serving -> "release " + serving.release().version())
            .map(release -> release + (running ? ", running" : ", stopped"))
            .orElse(Footprint.findBegun(paths).isPresent() ? "an interrupted install" : "nothing");
    return Check.ok(
        "installed",
        found,
        slots.active().isPresent() ? "for update: a release" : "for install: nothing");
  }

  private static void refuse(Findings findings, SettingsFile settings, Optional<Exception> fault)
      throws Exception {
    List<InstallRefusal> all = new ArrayList<>(findings.refusals());
    if (settings.inference().collides(settings.console())) {
      all.add(new SameListener(settings.inference().toString(), settings.console().toString()));
    }
    if (all.isEmpty() && fault.isEmpty()) {
      return;
    }
    var refused = new InstallRefusedException(all);
    if (fault.isEmpty()) {
      throw refused;
    }
    if (!all.isEmpty()) {
      fault.get().addSuppressed(refused);
    }
    throw fault.get();
  }
}
