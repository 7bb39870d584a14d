package io.cloister.installer;

import static io.cloister.repo.ExitCode.HOST_UNFIT;
import static io.cloister.repo.ExitCode.MEDIA_FAULT;
import static io.cloister.repo.ExitCode.REFUSED;
import static io.cloister.repo.ExitCode.USAGE;

import io.cloister.repo.Problem;
import io.cloister.repo.Problem.Evidence;
import java.util.List;

/** The words of backups that are not made, or not restored. */
record BackupWords(Situation here) {

  Problem file(InstallRefusal.BackupFile r) {
    return here.problem(
        "USAGE-BACKUP-FILE",
        USAGE,
        "the backup cannot be written or read there",
        List.of(new Evidence("file", r.file().toString()), new Evidence("fault", r.fault())),
        "a backup goes into a new file, in a folder that is there, and is read from a plain file",
        here.then("name another file"));
  }

  Problem damaged(InstallRefusal.BackupDamaged r) {
    return here.problem(
        "BACKUP-DAMAGED",
        MEDIA_FAULT,
        "the file is not a whole backup",
        List.of(new Evidence("file", r.file().toString()), new Evidence("fault", r.fault())),
        "it was changed, cut, or is something else: nothing of it is used unless all of it is proven",
        here.then("copy it again, or take another backup"));
  }

  Problem passphrase(InstallRefusal.BackupPassphrase r) {
    return here.problem(
        "BACKUP-PASSPHRASE",
        REFUSED,
        "the passphrase does not open the backup",
        List.of(new Evidence("file", r.file().toString())),
        "it is not the one of this backup; or, less likely, the file was changed where its key is",
        here.then("find the passphrase that was given when this backup was made"));
  }

  Problem newer(InstallRefusal.BackupNewer r) {
    return here.problem(
        "BACKUP-NEWER",
        HOST_UNFIT,
        "the backup is of a newer release than the one that is installed",
        List.of(
            new Evidence("backup", "made by release " + r.made()),
            new Evidence("here", "release " + r.here())),
        "an older release does not understand the data of a newer one",
        here.then("update to release " + r.made() + " or a later one"));
  }

  Problem key(InstallRefusal.BackupKey r) {
    String host = "of a host of its own, encrypted with its key";
    String trial = "of a trial below --root, not encrypted";
    return here.problem(
        "BACKUP-KEY",
        HOST_UNFIT,
        "the backup's data is of another kind of place",
        List.of(
            new Evidence("backup", r.encrypted() ? host : trial),
            new Evidence("here", r.encrypted() ? trial : host)),
        "nobody keeps a key below --root, and on a host of its own all data has one",
        here.then("restore it where it came from, or to a place of the same kind"));
  }

  Problem unusable(InstallRefusal.PassphraseUnusable r) {
    return here.problem(
        "USAGE-PASSPHRASE",
        USAGE,
        "there is no passphrase to work with",
        List.of(new Evidence("from", r.from()), new Evidence("fault", r.fault())),
        "whoever has a backup can try passphrases for as long as he likes",
        here.then("give one with --passphrase-file FILE, or at a terminal"));
  }
}
