package io.cloister.installer;

import static io.cloister.repo.ExitCode.BUSY;
import static io.cloister.repo.ExitCode.HOST_UNFIT;
import static io.cloister.repo.ExitCode.MEDIA_FAULT;
import static io.cloister.repo.ExitCode.REFUSED;
import static io.cloister.repo.ExitCode.USAGE;

import io.cloister.installer.InstallRefusal.AlreadyInstalled;
import io.cloister.installer.InstallRefusal.AnswersExposed;
import io.cloister.installer.InstallRefusal.ApplianceRefused;
import io.cloister.installer.InstallRefusal.Arguments;
import io.cloister.installer.InstallRefusal.BackupDamaged;
import io.cloister.installer.InstallRefusal.BackupFile;
import io.cloister.installer.InstallRefusal.BackupKey;
import io.cloister.installer.InstallRefusal.BackupNewer;
import io.cloister.installer.InstallRefusal.BackupPassphrase;
import io.cloister.installer.InstallRefusal.BadAnswers;
import io.cloister.installer.InstallRefusal.Busy;
import io.cloister.installer.InstallRefusal.CommandFailed;
import io.cloister.installer.InstallRefusal.Down;
import io.cloister.installer.InstallRefusal.HostFileFault;
import io.cloister.installer.InstallRefusal.InstalledContentChanged;
import io.cloister.installer.InstallRefusal.NoPreviousSlot;
import io.cloister.installer.InstallRefusal.NoRuntimeOnMedium;
import io.cloister.installer.InstallRefusal.NotAsRoot;
import io.cloister.installer.InstallRefusal.NotInstalled;
import io.cloister.installer.InstallRefusal.NotReady;
import io.cloister.installer.InstallRefusal.NotTuned;
import io.cloister.installer.InstallRefusal.PassphraseUnusable;
import io.cloister.installer.InstallRefusal.SameListener;
import io.cloister.installer.InstallRefusal.SlotsUnreadable;
import io.cloister.installer.InstallRefusal.Stopped;
import io.cloister.installer.InstallRefusal.TokenFileExists;
import io.cloister.installer.InstallRefusal.TokenRefused;
import io.cloister.installer.InstallRefusal.Unfit;
import io.cloister.installer.InstallRefusal.VersionReused;
import io.cloister.repo.Problem;
import io.cloister.repo.Problem.Evidence;
import java.util.ArrayList;
import java.util.List;

/** Makes the words of a refusal: the one place where they are, one case for each. */
public final class InstallRefusalWords {
  private final Situation here;

  public InstallRefusalWords(Situation here) {
    this.here = here;
  }

  /** The printed form. */
  public Problem problem(InstallRefusal refusal) {
    var service = new ServiceWords(here);
    var answers = new AnswerWords(here);
    var backup = new BackupWords(here);
    return switch (refusal) {
      case Unfit r -> new HostWords(here).problem(r.finding());
      case SameListener r -> sameListener(r);
      case HostFileFault r -> file(r);
      case NotAsRoot r -> notAsRoot(r);
      case Busy r -> busy(r);
      case AlreadyInstalled r -> alreadyInstalled(r);
      case NotInstalled r -> notInstalled(r);
      case NoPreviousSlot r -> noPreviousSlot(r);
      case SlotsUnreadable r -> slotsUnreadable(r);
      case VersionReused r -> versionReused(r);
      case InstalledContentChanged r -> contentChanged(r);
      case NoRuntimeOnMedium r -> noRuntime(r);
      case Arguments r -> arguments(r);
      case Stopped _ -> answers.stopped();
      case BadAnswers r -> answers.bad(r);
      case AnswersExposed r -> answers.exposed(r);
      case TokenFileExists r -> tokenFile(r);
      case ApplianceRefused r -> service.refused(r);
      case NotReady r -> service.notReady(r);
      case CommandFailed r -> service.commandFailed(r);
      case Down r -> service.down(r);
      case NotTuned r -> new TuneWords(here).problem(r);
      case TokenRefused r -> new TokenWords(here).problem(r);
      case BackupFile r -> backup.file(r);
      case BackupDamaged r -> backup.damaged(r);
      case BackupPassphrase r -> backup.passphrase(r);
      case BackupNewer r -> backup.newer(r);
      case BackupKey r -> backup.key(r);
      case PassphraseUnusable r -> backup.unusable(r);
    };
  }

  private Problem sameListener(SameListener r) {
    return here.problem(
        "USAGE-LISTENERS",
        USAGE,
        "both listeners would have one port",
        List.of(new Evidence("inference", r.inference()), new Evidence("console", r.console())),
        "applications and people come in by different doors, and each needs its own",
        here.then("choose another with --inference or --console"));
  }

  private Problem file(HostFileFault r) {
    boolean denied = r.reason().equals(HostFileFault.DENIED);
    return here.problem(
        "HOST-FILE",
        HOST_UNFIT,
        "a file on this machine could not be written or read",
        List.of(new Evidence("path", r.path()), new Evidence("fault", r.reason())),
        denied
            ? "what is installed belongs to the user who installed it, mostly root"
            : "the disk is full or failing",
        here.then(denied ? "become that user" : "see to the disk"));
  }

  private Problem notAsRoot(NotAsRoot r) {
    return here.problem(
        "HOST-NOT-ROOT",
        HOST_UNFIT,
        "an ordinary user may not ask the service",
        List.of(new Evidence("folder", r.folder().toString()), new Evidence("user", r.user())),
        "the operator's socket is for root: whoever may speak to it may change what serves",
        "sudo " + here.again());
  }

  private Problem busy(Busy r) {
    return here.problem(
        "SLOT-BUSY",
        BUSY,
        "another cloister command is changing this machine",
        List.of(new Evidence("lock", r.lock().toString())),
        "two commands at once would write over each other",
        here.then("wait until it ends"));
  }

  private Problem alreadyInstalled(AlreadyInstalled r) {
    return here.problem(
        "SLOT-INSTALLED",
        USAGE,
        "Cloister is installed here already",
        List.of(new Evidence("installed", "release " + r.release())),
        "install is for a machine that has nothing; what is there is updated, so that it can go back",
        here.cloister() + " update MEDIA");
  }

  private Problem notInstalled(NotInstalled r) {
    return here.problem(
        "SLOT-NONE",
        USAGE,
        "nothing is installed here",
        List.of(new Evidence("below", r.root().toString())),
        "this command works on what is installed",
        here.cloister() + " install MEDIA --trusted-root sha256:HEX|FILE");
  }

  private Problem noPreviousSlot(NoPreviousSlot r) {
    boolean empty = r.reason().isEmpty();
    List<Evidence> evidence = new ArrayList<>();
    evidence.add(new Evidence("active", r.active()));
    evidence.add(new Evidence("other", r.other()));
    if (!empty) {
      evidence.add(new Evidence("reason", r.reason()));
    }
    return here.problem(
        "SLOT-NO-PREVIOUS",
        USAGE,
        "there is nothing to go back to",
        evidence,
        empty
            ? "no update has put anything into the other slot yet"
            : "the last change did not hold and was taken back: what served before it is active",
        empty ? here.cloister() + " status" : afterTakenBack());
  }

  private String afterTakenBack() {
    return here.standing() == Standing.STOPPED
        ? here.cloister() + " start"
        : "to try the update again, run: %s update MEDIA; else %s"
            .formatted(here.cloister(), here.askVendor());
  }

  private Problem slotsUnreadable(SlotsUnreadable r) {
    return here.problem(
        "SLOT-UNREADABLE",
        HOST_UNFIT,
        "what is installed here cannot be read",
        List.of(new Evidence("file", r.file().toString()), new Evidence("fault", r.reason())),
        "the file was changed by something else, or the disk is failing",
        here.askVendor());
  }

  private Problem versionReused(VersionReused r) {
    return here.problem(
        "MEDIA-VERSION-REUSED",
        REFUSED,
        r.what() + " on the medium is not the one that is installed",
        List.of(
            new Evidence("installed", "manifest sha256 " + r.installedManifest()),
            new Evidence("offered", "manifest sha256 " + r.offeredManifest())),
        "a version never changes its content: what was accepted would not be what runs",
        "ask the vendor for media on which this content has a version of its own");
  }

  private Problem contentChanged(InstalledContentChanged r) {
    List<Evidence> evidence = new ArrayList<>();
    r.faults().forEach(fault -> evidence.add(new Evidence("fault", fault)));
    return here.problem(
        "SLOT-CONTENT-CHANGED",
        REFUSED,
        r.what() + " is not what its signed manifest says",
        evidence,
        "installed files were hashed again before use, and they differ",
        "put in a medium of the vendor's that has it and run: "
            + here.cloister()
            + " repair MEDIA");
  }

  private Problem noRuntime(NoRuntimeOnMedium r) {
    return here.problem(
        "MEDIA-NO-RUNTIME",
        MEDIA_FAULT,
        "the medium has no runtime for this machine",
        List.of(new Evidence("medium", r.medium()), new Evidence("needed", r.platform())),
        "models alone cannot be installed on a machine that has no release",
        "ask the vendor for media with a runtime for " + r.platform());
  }

  private Problem arguments(Arguments r) {
    return here.problem(
        "USAGE-ARGUMENTS",
        USAGE,
        r.message(),
        List.of(),
        "the command line could not be read",
        r.usage());
  }

  private Problem tokenFile(TokenFileExists r) {
    return here.problem(
        "USAGE-TOKEN-FILE",
        USAGE,
        "the token cannot be written there",
        List.of(new Evidence("file", r.file().toString())),
        "a token goes into a new file, in a folder that is there and that you may write",
        here.then("choose another --token-file"));
  }
}
