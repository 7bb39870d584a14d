package io.cloister.installer.cli;

import io.cloister.installer.InstallRefusal;
import io.cloister.installer.InstallRefusal.AlreadyInstalled;
import io.cloister.installer.InstallRefusal.SameListener;
import io.cloister.installer.InstallRefusal.TokenFileExists;
import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.activate.FirstInstall;
import io.cloister.installer.activate.Identity;
import io.cloister.installer.activate.Recovery;
import io.cloister.installer.console.Step;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.host.Listener;
import io.cloister.installer.preflight.Need;
import io.cloister.installer.slot.Deployment;
import io.cloister.installer.slot.SlotFiles;
import io.cloister.installer.slot.Slots;
import io.cloister.installer.stage.InstallPlan;
import io.cloister.installer.stage.SettingsFile;
import io.cloister.installer.stage.Stager;
import io.cloister.repo.ExitCode;
import io.cloister.repo.client.Anchor;
import io.cloister.repo.content.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
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

/** {@code cloister install}: the first release and models on a machine that has none. */
@Command(
    name = "install",
    sortOptions = false,
    abbreviateSynopsis = true,
    description = "Install from a medium on a machine that has nothing, and start the service.")
final class InstallCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Cloister cloister;

  @Parameters(
      paramLabel = "MEDIA",
      arity = "1..*",
      description = {
        "A folder or a bundle; of a volume set any volumes, or the folder that holds them.",
        "A - reads a bundle from the standard input."
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
      description = "Where applications call the models (default: 0.0.0.0:8443).")
  private Listener inference = new Listener("0.0.0.0", 8443);

  @Option(
      names = "--console",
      paramLabel = "ADDR:PORT",
      converter = ListenerConverter.class,
      description = "Where people open the local web page (default: 0.0.0.0:9443).")
  private Listener console = new Listener("0.0.0.0", 9443);

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "Write the first API token there too, readable by its owner only.")
  private @Nullable Path tokenFile;

  @Option(names = "--dry-run", description = "Show what would be done, and do nothing.")
  private boolean dryRun;

  @Override
  public Integer call() {
    List<Path> paths = Media.paths(media);
    return Media.parent(cloister).perform(Media.words(paths), session -> install(session, paths));
  }

  private ExitCode install(Session session, List<Path> media) throws Exception {
    HostPaths paths = session.anyPaths();
    refuseOneDoor(settings(paths));
    Need service = Need.ofService(settings(paths).listeners(), true);
    Findings.refuseUnusable(session, service);
    if (!dryRun) {
      new Recovery(paths, session.patience(), session::say).finishFirstInstall();
    }
    List<InstallRefusal> before = refuseInstalled(session);
    try (Source source = Findings.open(session, media, Optional.ofNullable(trustedRoot), service)) {
      return install(session, source, before);
    }
  }

  private ExitCode install(Session session, Source source, List<InstallRefusal> before)
      throws Exception {
    HostPaths paths = session.paths();
    Planned planned = Planned.make(session, source, Slots.EMPTY);
    InstallPlan plan = planned.plan().orElseThrow();
    planned.check(session, source, settings(paths).listeners(), before);
    if (dryRun) {
      session.console().result(planned.json(), planned.text());
      return ExitCode.DONE;
    }
    Identity identity;
    try (Step step = session.console().step("install", plan.bytes())) {
      var progress = new ReadProgress(step);
      var stager = new Stager(paths, source.reader(), progress);
      var settings = new SettingsFile(inference, console);
      identity =
          new FirstInstall(stager, source.client(), settings, session.patience(), step::doing)
              .apply(plan);
      step.done();
      progress.warn(session);
    }
    report(session, paths, plan.deployment(), identity);
    return ExitCode.DONE;
  }

  /**
   * Refuses where something is installed, with everything else that would stand against it: only
   * the ports are the service's own.
   *
   * @return what stands against an install here
   */
  private List<InstallRefusal> refuseInstalled(Session session)
      throws IOException, InstallRefusedException {
    List<InstallRefusal> before = new ArrayList<>();
    Optional<Deployment> serving = new SlotFiles(session.paths()).read().findServing();
    serving.ifPresent(there -> before.add(new AlreadyInstalled(there.release().version())));
    if (tokenFile != null && !isFree(tokenFile)) {
      before.add(new TokenFileExists(tokenFile));
    }
    if (serving.isPresent()) {
      Findings.look(session, Need.ofService(Map.of(), true)).refuse(before);
    }
    return before;
  }

  private static boolean isFree(Path file) {
    Path folder = file.toAbsolutePath().resolveSibling("");
    return !Files.exists(file, LinkOption.NOFOLLOW_LINKS)
        && Files.isDirectory(folder)
        && Files.isWritable(folder);
  }

  /** The site's file from an earlier install has the word. */
  private SettingsFile settings(HostPaths paths) {
    return SettingsFile.find(paths).orElseGet(() -> new SettingsFile(inference, console));
  }

  private static void refuseOneDoor(SettingsFile settings) throws InstallRefusedException {
    if (settings.inference().collides(settings.console())) {
      throw new InstallRefusedException(
          new SameListener(settings.inference().toString(), settings.console().toString()));
    }
  }

  private void report(Session session, HostPaths paths, Deployment deployment, Identity identity)
      throws IOException {
    Optional<Path> written = Optional.empty();
    if (tokenFile != null && identity.token().isPresent()) {
      written = writeToken(session, tokenFile.toAbsolutePath(), identity.token().get());
    }
    var installed = new Installed(deployment, settings(paths), identity, written);
    session.console().result(installed.json(), installed.text());
  }

  /** All is installed: what is wrong with the file must not keep the token from being shown. */
  private static Optional<Path> writeToken(Session session, Path file, String token) {
    try {
      DurableFiles.create(file, (token + "\n").getBytes(StandardCharsets.UTF_8), "rw-------");
      return Optional.of(file);
    } catch (IOException e) {
      session.say("warning: the token is not in " + file + ": " + e);
      return Optional.empty();
    }
  }
}
