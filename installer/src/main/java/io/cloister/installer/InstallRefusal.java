package io.cloister.installer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Why the installer does not do, or did not keep, what it was asked: evidence only, no words. */
public sealed interface InstallRefusal {

  /** Without {@code --root} nothing is installed yet. */
  record NoSystemd() implements InstallRefusal {}

  record WrongPlatform(String here, String needed) implements InstallRefusal {}

  /**
   * Older than the release's own statement allows.
   *
   * @param here empty text when this is another C library
   */
  record GlibcTooOld(String here, String needed) implements InstallRefusal {}

  record SocketPathTooLong(Path socket, int bytes, int bytesMax) implements InstallRefusal {}

  record NotWritable(Path path, String user) implements InstallRefusal {}

  record DiskTooSmall(Path path, long bytesFree, long bytesNeeded) implements InstallRefusal {}

  /**
   * A listener that cannot be opened.
   *
   * @param asked whether the command has an option that chooses another; else cloister.yaml has it
   */
  record PortInUse(String listener, String address, int port, String reason, boolean asked)
      implements InstallRefusal {}

  /** Both listeners on one port, as {@code ADDR:PORT}. */
  record SameListener(String inference, String console) implements InstallRefusal {}

  /** The host's files could not be written or read while working. */
  record HostFileFault(String path, String reason) implements InstallRefusal {
    public static final String DENIED = "permission denied";
  }

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

  record TokenFileExists(Path file) implements InstallRefusal {}

  /** The appliance would not take what was offered: its own reason. */
  record ApplianceRefused(String what, String reason) implements InstallRefusal {}

  record NotReady(Duration waited, String lastSeen, List<String> log) implements InstallRefusal {}

  record CommandFailed(String command, String outcome, List<String> log)
      implements InstallRefusal {}

  record Down(String release) implements InstallRefusal {}

  record BackupFile(Path file, String fault) implements InstallRefusal {}

  record BackupDamaged(Path file, String fault) implements InstallRefusal {}

  record BackupPassphrase(Path file) implements InstallRefusal {}

  /** Both are versions of releases. */
  record BackupNewer(String made, String here) implements InstallRefusal {}

  /** Encrypted data where nobody keeps a key, or the other way round. */
  record BackupKey(boolean encrypted) implements InstallRefusal {}

  record PassphraseUnusable(String from, String fault) implements InstallRefusal {}
}
