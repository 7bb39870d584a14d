package io.cloister.installer.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.cloister.installer.InstallRefusal;
import io.cloister.installer.InstallRefusal.AlreadyInstalled;
import io.cloister.installer.InstallRefusal.SameListener;
import io.cloister.installer.InstallRefusal.TokenFileExists;
import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.activate.FirstInstall;
import io.cloister.installer.activate.Identity;
import io.cloister.installer.activate.Recovery;
import io.cloister.installer.console.Step;
import io.cloister.installer.host.HostNames;
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
import io.cloister.repo.client.TrustStore;
import io.cloister.repo.content.DurableFiles;
import io.cloister.repo.media.Medium;
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
      description = {
        "The vendor's root.json, or the digest of it, from the vendor's letter.",
        "Where neither it nor --answers is given, a person at a terminal is asked."
      })
  private @Nullable Anchor trustedRoot;

  @Option(
      names = "--inference",
      paramLabel = "ADDR:PORT",
      converter = ListenerConverter.class,
      description = "Where applications call the models (default: 0.0.0.0:8443).")
  private @Nullable Listener inference;

  @Option(
      names = "--console",
      paramLabel = "ADDR:PORT",
      converter = ListenerConverter.class,
      description = "Where people open the local web page (default: 0.0.0.0:9443).")
  private @Nullable Listener console;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "Write the first API token there too, readable by its owner only.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--answers",
      paramLabel = "FILE",
      description = "Take what no option says from this file, and ask nothing.")
  private @Nullable Path answers;

  @Option(
      names = "--answers-template",
      help = true,
      description = "Print such a file with its explanations, and do nothing.")
  private boolean template;

  @Option(names = "--dry-run", description = "Show what would be done, and do nothing.")
  private boolean dryRun;

  @Override
  public Integer call() {
    if (template) {
      return Media.parent(cloister).perform("", InstallCommand::printTemplate);
    }
    List<Path> paths = Media.paths(media);
    return Media.parent(cloister).perform(Media.words(paths), session -> install(session, paths));
  }

  private static ExitCode printTemplate(Session session) throws IOException {
    String text = AnswersFile.template();
    session.console().result(JsonNodeFactory.instance.objectNode().put("answers", text), text);
    return ExitCode.DONE;
  }

  private ExitCode install(Session session, List<Path> media) throws Exception {
    HostPaths paths = session.anyPaths();
    Choices options = options();
    Choices given =
        answers == null
            ? options
            : AnswersFile.read(answers.toAbsolutePath().normalize(), options, media);
    boolean asks =
        given.trustedRoot().isEmpty()
            && session.console().hasPerson()
            && !TrustStore.at(paths.trust()).isEstablished();
    if (!asks) {
      refuseOneDoor(settings(paths, given));
    }
    Need service = Need.ofService(settings(paths, given).listeners(), true);
    Findings.refuseUnusable(session, service);
    if (!dryRun) {
      new Recovery(paths, session.patience(), session::say).finishFirstInstall();
    }
    List<InstallRefusal> before = refuseInstalled(session, given);
    try (Medium medium = Findings.beside(session, service, () -> Media.open(session, media))) {
      if (asks) {
        return ask(session, medium, given, before);
      }
      Source source =
          Findings.beside(session, service, () -> Source.of(session, medium, given.trustedRoot()));
      return install(session, source, given, before);
    }
  }

  private Choices options() {
    return new Choices(
        Optional.ofNullable(trustedRoot),
        Optional.ofNullable(inference),
        Optional.ofNullable(console),
        Optional.ofNullable(tokenFile).map(Path::toAbsolutePath));
  }

  private ExitCode install(
      Session session, Source source, Choices choices, List<InstallRefusal> before)
      throws Exception {
    Planned planned = planned(session, source, choices, before);
    if (dryRun) {
      session.console().result(planned.json(), planned.text());
      return ExitCode.DONE;
    }
    return apply(session, source, planned.plan().orElseThrow(), choices);
  }

  /** The same, with a person who has the last word. */
  private ExitCode ask(Session session, Medium medium, Choices given, List<InstallRefusal> before)
      throws Exception {
    if (!before.isEmpty()) {
      throw new InstallRefusedException(before);
    }
    var wizard = new Wizard(session, medium);
    Anchor anchor = wizard.askTrustedRoot();
    Source source = Source.of(session, medium, Optional.of(anchor));
    Choices choices = wizard.askRest(given.withTrustedRoot(anchor));
    refuseOneDoor(settings(session.paths(), choices));
    Planned planned = planned(session, source, choices, List.of());
    wizard.show(planned, choices);
    if (dryRun) {
      session.say("nothing was done");
      return ExitCode.DONE;
    }
    wizard.askLeave();
    return apply(session, source, planned.plan().orElseThrow(), choices);
  }

  private static Planned planned(
      Session session, Source source, Choices choices, List<InstallRefusal> before)
      throws Exception {
    Planned planned = Planned.make(session, source, Slots.EMPTY);
    planned.check(session, source, settings(session.paths(), choices).listeners(), before);
    planned.requireBase(source);
    return planned;
  }

  private ExitCode apply(Session session, Source source, InstallPlan plan, Choices choices)
      throws Exception {
    Identity identity;
    try (Interruption _ = Interruption.before(session, "uninstall");
        Step step = session.console().step("install", plan.bytes())) {
      var progress = new ReadProgress(step);
      var stager = new Stager(session.paths(), source.reader(), progress);
      identity =
          new FirstInstall(
                  stager, source.client(), choices.settings(), session.patience(), step::doing)
              .apply(plan);
      step.done();
      progress.warn(session);
    }
    report(session, choices, plan.deployment(), identity);
    return ExitCode.DONE;
  }

  /**
   * Refuses where something is installed, with everything else that would stand against it: only
   * the ports are the service's own.
   *
   * @return what stands against an install here
   */
  private static List<InstallRefusal> refuseInstalled(Session session, Choices choices)
      throws IOException, InstallRefusedException {
    List<InstallRefusal> before = new ArrayList<>();
    Optional<Deployment> serving = new SlotFiles(session.paths()).read().findServing();
    serving.ifPresent(there -> before.add(new AlreadyInstalled(there.release().version())));
    choices
        .tokenFile()
        .filter(file -> !isFree(file))
        .ifPresent(taken -> before.add(new TokenFileExists(taken)));
    if (serving.isPresent()) {
      Findings.look(session, Need.ofService(Map.of(), true)).refuse(before);
    }
    return before;
  }

  /** Whether a new file can be made there. */
  static boolean isFree(Path file) {
    Path folder = file.toAbsolutePath().resolveSibling("");
    return !Files.exists(file, LinkOption.NOFOLLOW_LINKS)
        && Files.isDirectory(folder)
        && Files.isWritable(folder);
  }

  /** The site's file from an earlier install has the word. */
  private static SettingsFile settings(HostPaths paths, Choices choices) {
    return SettingsFile.find(paths).orElseGet(choices::settings);
  }

  private static void refuseOneDoor(SettingsFile settings) throws InstallRefusedException {
    if (settings.inference().collides(settings.console())) {
      throw new InstallRefusedException(
          new SameListener(settings.inference().toString(), settings.console().toString()));
    }
  }

  private static void report(
      Session session, Choices choices, Deployment deployment, Identity identity)
      throws InstallRefusedException {
    Optional<Path> written = Optional.empty();
    if (choices.tokenFile().isPresent()) {
      written = writeToken(session, choices.tokenFile().get(), identity.token());
    }
    SettingsFile settings = settings(session.paths(), choices);
    String offer =
        Tuned.offer(
            session.cloister(), List.of(), deployment, session.service().findStatus(deployment));
    var installed =
        new Installed(deployment, settings, identity, written, HostNames.ofThisHost(), offer);
    session.console().result(installed.json(), installed.text());
  }

  /** All is installed: what is wrong with the file must not keep the token from being shown. */
  private static Optional<Path> writeToken(Session session, Path file, Optional<String> token) {
    if (token.isEmpty()) {
      session.say(
          "warning: %s is not written: the token of the earlier install is still the one, and it is not kept in readable form"
              .formatted(file));
      return Optional.empty();
    }
    try {
      DurableFiles.create(file, (token.get() + "\n").getBytes(StandardCharsets.UTF_8), "rw-------");
      return Optional.of(file);
    } catch (IOException e) {
      session.say("warning: the token is not in " + file + ": " + e);
      return Optional.empty();
    }
  }
}
