package io.cloister.installer;

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
import io.cloister.installer.InstallRefusal.NotTuned.Why;
import io.cloister.installer.InstallRefusal.PassphraseUnusable;
import io.cloister.installer.InstallRefusal.SameListener;
import io.cloister.installer.InstallRefusal.SlotsUnreadable;
import io.cloister.installer.InstallRefusal.Stopped;
import io.cloister.installer.InstallRefusal.TokenFileExists;
import io.cloister.installer.InstallRefusal.TokenRefused;
import io.cloister.installer.InstallRefusal.Unfit;
import io.cloister.installer.InstallRefusal.VersionReused;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** One of each kind, as the pages show it. */
final class Refusals {
  static final Situation SITUATION =
      new Situation(
          "nothing on this machine was changed; release 0.1.0 keeps serving",
          Standing.SERVING,
          "cloister --root /srv/trial",
          "cloister --root /srv/trial update /media/usb0",
          false);

  static final List<InstallRefusal> ALL =
      List.of(
          new Unfit(Findings.ALL.getFirst()),
          new SameListener("0.0.0.0:8443", "127.0.0.1:8443"),
          new HostFileFault("/srv/trial/var/lib/cloister/slots.json", "No space left on device"),
          new NotAsRoot(Path.of("/run/cloister"), "alice"),
          new Busy(Path.of("/srv/trial/var/lib/cloister/lock")),
          new AlreadyInstalled("0.1.0"),
          new NotInstalled(Path.of("/srv/trial")),
          new NoPreviousSlot("slot a, good: release 0.1.0, digits 1.0.0", "slot b, empty", ""),
          new NoPreviousSlot(
              "slot a, good: release 0.1.0, digits 1.0.0",
              "slot b, bad: release 0.2.0, digits 1.0.0",
              "not ready: the process ended"),
          new SlotsUnreadable(Path.of("/srv/trial/var/lib/cloister/slots.json"), "not UTF-8"),
          new VersionReused("model-digits-1.0.0", "ab".repeat(32), "cd".repeat(32)),
          new InstalledContentChanged(
              "model-digits-1.0.0", List.of("model.onnx from byte 0 has another digest")),
          new NoRuntimeOnMedium("/media/usb0", "linux-x64"),
          new Arguments("Unknown option: '--nonsense'", "cloister update --help"),
          new Stopped(),
          new BadAnswers(
              Path.of("/root/answers.yaml"),
              List.of(
                  new BadAnswers.Fault(2, "inference: not ADDR:PORT: 8443"),
                  new BadAnswers.Fault(
                      3, "unknown: consol; known: trusted_root, inference, console, token_file"),
                  new BadAnswers.Fault(0, "trusted_root: sha256:HEX, from the vendor's letter"))),
          new AnswersExposed(
              Path.of("/srv/answers.yaml"), Path.of("/srv"), "everybody may write to it"),
          new TokenFileExists(Path.of("/home/operator/token")),
          new ApplianceRefused("digits 1.1.0", "golden row 0 differs"),
          new NotReady(
              Duration.ofMinutes(5), "the process ended", List.of("{\"level\":\"error\"}")),
          new CommandFailed(
              "cloister-appliance setup", "ended with status 3", List.of("{\"level\":\"error\"}")),
          new Down("0.1.0"),
          new NotTuned(Why.UNKNOWN_MODEL, "digit", "no model digit is routed"),
          new NotTuned(Why.NOT_SERVING, "digits", "digits 1.0.0 is unloaded"),
          new NotTuned(Why.BUSY, "digits", "another trial is running"),
          new NotTuned(
              Why.GOLDEN_ROWS, "digits", "its worker cannot be started: Cannot allocate memory"),
          new NotTuned(Why.ENDED, "digits", "it was ended before its time"),
          new NotTuned(Why.NOT_KEPT, "digits", "1 of 3 golden rows failed"),
          new NotTuned(
              Why.NOT_STORED, "digits", "the database did not take a change: No space left"),
          new NotTuned(Why.CHANGED, "digits", "digits 1.1.0 serves by now"),
          new TokenRefused(
              TokenRefused.Against.BAD_NAME,
              "App 2",
              "a name is 1 to 40 of a-z, 0-9 and -, and does not begin with -"),
          new TokenRefused(TokenRefused.Against.EXISTS, "app", "there is a token app already"),
          new TokenRefused(TokenRefused.Against.UNKNOWN, "ap", "no token has the name 'ap'"),
          new TokenRefused(TokenRefused.Against.TOO_MANY, "app", "there are 256 tokens already"),
          new TokenRefused(
              TokenRefused.Against.NOT_STORED,
              "app",
              "the database did not take a change: No space left on device"),
          new TokenRefused(
              TokenRefused.Against.UNANSWERED, "app", "no answer to token_create in time"),
          new BackupFile(Path.of("/media/usb0/site.backup"), "something is there already"),
          new BackupDamaged(
              Path.of("/media/usb0/site.backup"),
              "its content does not fit its authentication tag"),
          new BackupPassphrase(Path.of("/media/usb0/site.backup")),
          new BackupNewer("0.3.0", "0.2.0"),
          new BackupKey(true),
          new PassphraseUnusable("/root/passphrase", "under 12 characters"));

  private Refusals() {}
}
