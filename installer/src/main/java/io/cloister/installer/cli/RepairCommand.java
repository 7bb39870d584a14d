package io.cloister.installer.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.installer.InstallRefusal;
import io.cloister.installer.InstallRefusal.Arguments;
import io.cloister.installer.InstallRefusal.Busy;
import io.cloister.installer.InstallRefusedException;
import io.cloister.installer.activate.Service;
import io.cloister.installer.console.Step;
import io.cloister.installer.host.HostPaths;
import io.cloister.installer.host.Listener;
import io.cloister.installer.host.Supervisor;
import io.cloister.installer.slot.Deployment;
import io.cloister.installer.slot.HostLock;
import io.cloister.installer.slot.InstalledPackage;
import io.cloister.installer.slot.Slots;
import io.cloister.installer.stage.InstalledChunks;
import io.cloister.installer.stage.Repair;
import io.cloister.installer.stage.Repair.PutRight;
import io.cloister.installer.stage.SettingsFile;
import io.cloister.installer.stage.Unrepaired;
import io.cloister.repo.ExitCode;
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

/** {@code cloister repair}: the host as {@code cloister.yaml} and the signed packages say. */
@Command(
    name = "repair",
    description = {
      "Prove what is installed again, and put right what was changed.",
      "",
      "Files of both slots are made whole from other installed packages or from a medium. Units,",
      "links and the service's user become as they were; listeners as cloister.yaml says.",
      ""
    })
final class RepairCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Cloister cloister;

  @Parameters(
      paramLabel = "MEDIA",
      arity = "0..*",
      description = {
        "A medium with the very versions that are installed: a folder, a bundle,",
        "or volumes. A - reads a bundle from the standard input."
      })
  private List<Path> media = List.of();

  @Option(
      names = "--found",
      description = {
        "Of cloister-repair.service, which the service calls: what can be made",
        "whole from this machine, package by package. Units are left alone."
      })
  private boolean found;

  @Override
  public Integer call() {
    List<Path> paths = Media.paths(media);
    return Media.parent(cloister)
        .perform(
            Media.words(paths),
            session -> found ? repairFound(session, paths) : repair(session, paths));
  }

  /** Nobody is there to be asked or told: what can be put right is, and the rest is noted. */
  private static ExitCode repairFound(Session session, List<Path> media) throws Exception {
    if (!media.isEmpty()) {
      throw new InstallRefusedException(
          new Arguments("--found goes without MEDIA", session.cloister() + " repair --help"));
    }
    try (HostLock _ = session.lock()) {
      Slots slots = session.settled();
      Deployment serving = slots.findServing().orElseThrow();
      answerCall(session);
      List<InstallRefusal> refusals = new ArrayList<>();
      List<PutRight> mended = mendEach(session, slots, refusals);
      serve(session, serving, mended);
      report(session, mended.stream().map(PutRight::file).toList());
      if (!refusals.isEmpty()) {
        throw new InstallRefusedException(refusals);
      }
      return ExitCode.DONE;
    } catch (InstallRefusedException e) {
      if (e.refusals().stream().anyMatch(Busy.class::isInstance)) {
        session.say("another cloister command is at work here: the call stays");
        return ExitCode.DONE;
      }
      throw e;
    }
  }

  /** One package after the other; what stands against it is added to the refusals. */
  private static List<PutRight> mendEach(
      Session session, Slots slots, List<InstallRefusal> refusals) throws Exception {
    List<PutRight> mended = new ArrayList<>();
    List<String> unrepaired = new ArrayList<>();
    for (InstalledPackage each : Repair.packages(slots)) {
      try {
        mended.addAll(repair(session, slots).apply(List.of(each)));
      } catch (InstallRefusedException e) {
        unrepaired.add(each.id().toString());
        refusals.addAll(e.refusals());
      }
    }
    new Unrepaired(session.paths()).write(unrepaired);
    return mended;
  }

  /** Before the look: what is called for from here on is looked at again. No link is followed. */
  private static void answerCall(Session session) throws InstallRefusedException {
    try {
      Files.deleteIfExists(session.paths().repairCall());
    } catch (IOException e) {
      session.say("the call cannot be taken away: " + e.getMessage());
    }
  }

  /** Has the service use what was put right, if it runs. */
  private static void serve(Session session, Deployment serving, List<PutRight> mended)
      throws Exception {
    if (mended.isEmpty() || !session.service().running()) {
      return;
    }
    if (isProgram(serving, mended)) {
      restart(session, serving, () -> {});
    } else {
      reload(session, serving, mended);
    }
  }

  private static boolean isProgram(Deployment serving, List<PutRight> mended) {
    return mended.stream().anyMatch(file -> file.owner().id().equals(serving.release().id()));
  }

  private static ExitCode repair(Session session, List<Path> media) throws Exception {
    try (HostLock _ = session.lock()) {
      HostPaths paths = session.paths();
      Slots slots = session.settled();
      Deployment serving = slots.findServing().orElseThrow();
      Map<String, Listener> listeners = SettingsFile.require(paths);
      String release = serving.release().version();
      List<PutRight> mended = mend(session, slots, media);
      Supervisor supervisor = Supervisor.of(paths);
      List<Path> changed = supervisor.findChanged(release, listeners);
      new Unrepaired(paths).write(List.of());
      if (changed.isEmpty()) {
        serve(session, serving, mended);
      } else {
        restart(session, serving, () -> supervisor.prepare(release, listeners));
      }
      List<Path> all = new ArrayList<>(mended.stream().map(PutRight::file).toList());
      all.addAll(changed);
      report(session, all);
      return ExitCode.DONE;
    }
  }

  private static List<PutRight> mend(Session session, Slots slots, List<Path> media)
      throws Exception {
    try (Step step = session.console().step("hash again")) {
      List<PutRight> mended =
          media.isEmpty() ? mend(session, slots) : mendFrom(session, slots, media);
      step.done();
      return mended;
    }
  }

  private static List<PutRight> mend(Session session, Slots slots) throws Exception {
    return repair(session, slots).apply(Repair.packages(slots));
  }

  /** From this machine alone. */
  private static Repair repair(Session session, Slots slots) throws Exception {
    HostPaths paths = session.paths();
    return new Repair(paths, InstalledChunks.of(paths, slots), Optional.empty());
  }

  private static List<PutRight> mendFrom(Session session, Slots slots, List<Path> media)
      throws Exception {
    try (Source source = Source.open(session, media, Optional.empty())) {
      var offer =
          new Repair.Offer(Media.words(media), source.catalog().packages(), source.reader());
      return new Repair(session.paths(), source.existing(), Optional.of(offer))
          .apply(Repair.packages(slots));
    }
  }

  /** A model answers from what was read when it was loaded, and that may have been wrong. */
  private static void reload(Session session, Deployment serving, List<PutRight> mended)
      throws Exception {
    for (InstalledPackage model : serving.models()) {
      if (mended.stream().anyMatch(file -> file.owner().id().equals(model.id()))) {
        try (Step step = session.console().step("load " + model.name() + " anew")) {
          session.service().reload(serving, model.name());
          step.done();
        }
      }
    }
    session.service().scrub(serving);
  }

  /** What listens is opened anew, where it should be now. */
  private static void restart(Session session, Deployment serving, Service.Mending mending)
      throws Exception {
    String said = "interrupted; the service may be stopped: " + session.cloister() + " start";
    try (Interruption _ = Interruption.watch(session, said);
        Step step = session.console().step("put right")) {
      session.service().stopFor(mending, serving);
      step.done();
    }
  }

  private static void report(Session session, List<Path> changed) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode files = json.putArray("put_right");
    changed.forEach(file -> files.add(file.toString()));
    StringBuilder text = new StringBuilder();
    changed.forEach(file -> text.append("put right: ").append(file).append('\n'));
    session.console().result(json, changed.isEmpty() ? "nothing was changed by hand" : text + "");
  }
}
