package io.cloister.installer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Why the installer does not do, or did not keep, what it was asked: evidence only, no words. */
public sealed interface InstallRefusal {

  /** The machine cannot take what it was to take. */
  record Unfit(HostFinding finding) implements InstallRefusal {}

  /** Both listeners on one port, as {@code ADDR:PORT}. */
  record SameListener(String inference, String console) implements InstallRefusal {}

  /** The host's files could not be written or read while working. */
  record HostFileFault(String path, String reason) implements InstallRefusal {
    public static final String DENIED = "permission denied";
  }

  /** Only the superuser may ask the service, whose folder this is. */
  record NotAsRoot(Path folder, String user) implements InstallRefusal {}

  record Busy(Path lock) implements InstallRefusal {}

  record AlreadyInstalled(String release) implements InstallRefusal {}

  record NotInstalled(Path root) implements InstallRefusal {}

  /**
   * The other slot may not be started.
   *
   * @param active e.g. {@code slot a, good: release 0.1.0}
   * @param other e.g. {@code slot b, bad: release 0.2.0} or {@code slot b, empty}
   * @param reason why the other one is bad; empty text when it is empty
   */
  record NoPreviousSlot(String active, String other, String reason) implements InstallRefusal {}

  record SlotsUnreadable(Path file, String reason) implements InstallRefusal {}

  /** The same name and version with other content: versions never change. */
  record VersionReused(String what, String installedManifest, String offeredManifest)
      implements InstallRefusal {}

  /** An installed file is not what its signed manifest says. */
  record InstalledContentChanged(String what, List<String> faults) implements InstallRefusal {}

  record NoRuntimeOnMedium(String medium, String platform) implements InstallRefusal {}

  record Arguments(String message, String usage) implements InstallRefusal {}

  /** A person ended the questions, or did not agree to the plan. */
  record Stopped() implements InstallRefusal {}

  /** Answers that cannot be used, all of them. */
  record BadAnswers(Path file, List<Fault> faults) implements InstallRefusal {

    /**
     * One of them.
     *
     * @param line counted from 1; 0 for what is missing
     */
    public record Fault(int line, String words) {}
  }

  /**
   * Somebody else decides what the answers, or the trusted root that they name, say.
   *
   * @param at the file, or a folder above it
   */
  record AnswersExposed(Path file, Path at, String how) implements InstallRefusal {}

  record TokenFileExists(Path file) implements InstallRefusal {}

  /** The appliance would not take what was offered: its own reason. */
  record ApplianceRefused(String what, String reason) implements InstallRefusal {}

  record NotReady(Duration waited, String lastSeen, List<String> log) implements InstallRefusal {}

  record CommandFailed(String command, String outcome, List<String> log)
      implements InstallRefusal {}

  record Down(String release) implements InstallRefusal {}

  /** Other settings of a model were not tried, or not kept. */
  record NotTuned(Why why, String model, String reason) implements InstallRefusal {

    /** As the appliance says it. */
    public enum Why {
      UNKNOWN_MODEL,
      NOT_SERVING,
      BUSY,
      GOLDEN_ROWS,
      ENDED,
      NOT_KEPT,
      NOT_STORED,
      CHANGED
    }
  }

  /** A token was not made or not revoked. */
  record TokenRefused(Against against, String name, String reason) implements InstallRefusal {

    /** As the appliance says it. */
    public enum Against {
      BAD_NAME,
      EXISTS,
      UNKNOWN,
      TOO_MANY,
      NOT_STORED,
      UNANSWERED
    }
  }

  record BackupFile(Path file, String fault) implements InstallRefusal {}

  record BackupDamaged(Path file, String fault) implements InstallRefusal {}

  record BackupPassphrase(Path file) implements InstallRefusal {}

  /** Both are versions of releases. */
  record BackupNewer(String made, String here) implements InstallRefusal {}

  /** Encrypted data where nobody keeps a key, or the other way round. */
  record BackupKey(boolean encrypted) implements InstallRefusal {}

  record PassphraseUnusable(String from, String fault) implements InstallRefusal {}
}
