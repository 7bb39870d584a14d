package io.cloister.installer;

import static io.cloister.repo.ExitCode.HOST_UNFIT;

import io.cloister.installer.HostFinding.DiskSlow;
import io.cloister.installer.HostFinding.DiskTooSmall;
import io.cloister.installer.HostFinding.Exposed;
import io.cloister.installer.HostFinding.FolderIsLink;
import io.cloister.installer.HostFinding.LinkBroken;
import io.cloister.installer.HostFinding.NoExec;
import io.cloister.installer.HostFinding.NotWritable;
import io.cloister.installer.HostFinding.ReadOnly;
import io.cloister.installer.HostFinding.SocketPathTooLong;
import io.cloister.repo.Problem;
import io.cloister.repo.Problem.Evidence;
import io.cloister.repo.RefusedCommand;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The words of what is wrong with the machine's disks and folders. */
record DiskWords(Situation here) {

  private Problem unfit(
      String code, String summary, List<Evidence> evidence, String why, String next) {
    return here.problem(code, HOST_UNFIT, summary, evidence, why, next);
  }

  private static List<Evidence> each(String label, List<Path> paths) {
    return new ArrayList<>(
        paths.stream().map(path -> new Evidence(label, path.toString())).toList());
  }

  private static String shell(Path path) {
    return RefusedCommand.shell(List.of(path.toString()));
  }

  Problem pathTooLong(SocketPathTooLong f) {
    var socket = f.socket().toString();
    int bytesBelowRoot = socket.length() - socket.lastIndexOf("/run/cloister/");
    return unfit(
        "HOST-PATH-TOO-LONG",
        "the path given with --root is too long",
        List.of(
            new Evidence("socket", socket),
            new Evidence("length", f.bytes() + " bytes"),
            new Evidence("limit", f.bytesMax() + " bytes")),
        "the kernel's limit for a socket's path (unix(7))",
        "choose a shorter folder: it may have "
            + (f.bytesMax() - bytesBelowRoot)
            + " bytes at most");
  }

  Problem permission(NotWritable f) {
    List<Evidence> evidence = each("path", f.paths());
    evidence.add(new Evidence("user", f.user()));
    return unfit(
        "HOST-PERMISSION",
        "this user may not write there",
        evidence,
        "an install writes its own folders there, and systemd's on a host of its own",
        "become root, or the folder's owner; for a trial choose a folder of your own with --root");
  }

  Problem readOnly(ReadOnly f) {
    return unfit(
        "HOST-READ-ONLY",
        "a disk that must be written is mounted for reading only",
        each("mount", f.mounts()),
        "it was mounted so, or the kernel has done it because the disk fails",
        here.then(
            "dmesg says whether the disk fails; mount -o remount,rw %s opens a sound one"
                .formatted(shell(f.mounts().getFirst()))));
  }

  Problem noExec(NoExec f) {
    return unfit(
        "HOST-NOEXEC",
        "no program may be started from the disk that the programs go to",
        List.of(
            new Evidence("programs", f.programs().toString()),
            new Evidence("mount", f.mount() + ", noexec")),
        "the service and its native libraries run from there",
        here.then(
            "mount -o remount,exec %s lets them start, and exec in /etc/fstab for good"
                .formatted(shell(f.mount()))));
  }

  Problem link(FolderIsLink f) {
    Path link = f.links().getFirst();
    return unfit(
        "HOST-LINK",
        "a folder of Cloister's own is a symbolic link",
        each("link", f.links()),
        "its content would stay behind when Cloister is taken away, and nobody would know where",
        here.then(
            "rm %1$s; mkdir %1$s; mount --bind DIR %1$s puts a mount in its place"
                .formatted(shell(link))));
  }

  Problem broken(LinkBroken f) {
    return unfit(
        "HOST-LINK-BROKEN",
        "a symbolic link on the way leads to nothing",
        each("link", f.links()),
        "what it leads to is not mounted, or is gone",
        here.then(
            "readlink %s says where it leads; mount that, or remove the link"
                .formatted(shell(f.links().getFirst()))));
  }

  Problem exposed(Exposed f) {
    List<Evidence> evidence = new ArrayList<>();
    f.ways().forEach(way -> evidence.add(new Evidence("path", way.path() + ": " + way.who())));
    return unfit(
        "HOST-EXPOSED",
        "others may change what "
            + f.user()
            + " installs and starts: "
            + f.ways().getFirst().path(),
        evidence,
        "who may write in a folder may put another program in the place of one in it",
        "choose another folder, or make it safe: chown %1$s %2$s; chmod go-w %2$s"
            .formatted(f.user(), shell(f.ways().getFirst().path())));
  }

  Problem tooSmall(DiskTooSmall f) {
    List<Evidence> evidence = new ArrayList<>();
    for (DiskTooSmall.Room room : f.rooms()) {
      evidence.add(new Evidence("path", room.path().toString()));
      evidence.add(new Evidence("free", Sizes.of(room.bytesFree())));
      evidence.add(new Evidence("needed", Sizes.of(room.bytesNeeded())));
    }
    return unfit(
        "HOST-DISK",
        "there is not enough room on the disk",
        evidence,
        "old and new content lie side by side until the new one is proven",
        here.then("make room"));
  }

  Problem slow(DiskSlow f) {
    return unfit(
        "HOST-DISK-SLOW",
        "the disk of %s is slow: %d ms until bytes are safe"
            .formatted(f.path(), f.force().toMillis()),
        List.of(
            new Evidence("path", f.path().toString()),
            new Evidence("here", f.force().toMillis() + " ms, the middle of 5 small writes"),
            new Evidence("advised", f.forceMax().toMillis() + " ms or less")),
        "whatever must not be lost waits for it, in every change and every entry of the audit trail",
        "see what else writes there: iostat -x 1; or put the folder on a faster disk");
  }
}
