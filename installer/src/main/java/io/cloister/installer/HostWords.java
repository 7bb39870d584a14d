package io.cloister.installer;

import static io.cloister.repo.ExitCode.HOST_UNFIT;
import static io.cloister.repo.ExitCode.USAGE;

import io.cloister.repo.Problem;
import io.cloister.repo.Problem.Evidence;
import java.util.List;

/** The words of what is wrong with the machine. */
record HostWords(Situation here) {

  Problem noSystemd() {
    return here.problem(
        "HOST-NO-SYSTEMD",
        HOST_UNFIT,
        "this machine was not started by systemd",
        List.of(
            new Evidence("missing", "/run/systemd/system"), new Evidence("missing", "--root DIR")),
        "systemd runs the service on a host of its own; a trial below a folder needs none",
        here.again() + " --root DIR");
  }

  Problem platform(InstallRefusal.WrongPlatform r) {
    return here.problem(
        "HOST-PLATFORM",
        HOST_UNFIT,
        "this machine is of another kind than the release is for",
        List.of(new Evidence("here", r.here()), new Evidence("needed", r.needed())),
        "the release is native code",
        "ask the vendor for media for " + r.here());
  }

  Problem glibc(InstallRefusal.GlibcTooOld r) {
    return here.problem(
        "HOST-GLIBC",
        HOST_UNFIT,
        "the C library of this machine is too old",
        List.of(
            new Evidence("here", r.here().isEmpty() ? "no glibc" : "glibc " + r.here()),
            new Evidence("needed", "glibc " + r.needed() + " or newer")),
        "the release's native code is linked against it",
        here.then("move to a newer operating system"));
  }

  Problem path(InstallRefusal.SocketPathTooLong r) {
    return here.problem(
        "HOST-PATH-TOO-LONG",
        HOST_UNFIT,
        "the path given with --root is too long",
        List.of(
            new Evidence("socket", r.socket().toString()),
            new Evidence("length", r.bytes() + " bytes"),
            new Evidence("limit", r.bytesMax() + " bytes")),
        "the kernel's limit for a socket's path (unix(7))",
        "choose a shorter folder: it may have "
            + (r.bytesMax() - HostWords.bytesBelowRoot(r))
            + " bytes at most");
  }

  private static int bytesBelowRoot(InstallRefusal.SocketPathTooLong r) {
    var text = r.socket().toString();
    return text.length() - text.lastIndexOf("/run/cloister/");
  }

  Problem permission(InstallRefusal.NotWritable r) {
    return here.problem(
        "HOST-PERMISSION",
        HOST_UNFIT,
        "this user may not write there",
        List.of(new Evidence("path", r.path().toString()), new Evidence("user", r.user())),
        "everything is written below one folder, which must be the user's own",
        "choose a folder of your own with --root, or run the command as the folder's owner");
  }

  Problem disk(InstallRefusal.DiskTooSmall r) {
    return here.problem(
        "HOST-DISK",
        HOST_UNFIT,
        "there is not enough room on the disk",
        List.of(
            new Evidence("path", r.path().toString()),
            new Evidence("free", r.bytesFree() + " bytes"),
            new Evidence("needed", r.bytesNeeded() + " bytes")),
        "old and new content lie side by side until the new one is proven",
        here.then("make room"));
  }

  Problem port(InstallRefusal.PortInUse r) {
    return here.problem(
        "HOST-PORT",
        HOST_UNFIT,
        "the port for " + r.listener() + " cannot be opened",
        List.of(
            new Evidence("listener", r.address() + ":" + r.port()),
            new Evidence("fault", r.reason())),
        "something else listens there, or the address is not this machine's",
        here.then(
            r.asked()
                ? "choose another with --" + r.listener() + " ADDR:PORT"
                : "see who has it: ss -ltnp 'sport = :" + r.port() + "', and end that"));
  }

  Problem sameListener(InstallRefusal.SameListener r) {
    return here.problem(
        "USAGE-LISTENERS",
        USAGE,
        "both listeners would have one port",
        List.of(new Evidence("inference", r.inference()), new Evidence("console", r.console())),
        "applications and people come in by different doors, and each needs its own",
        here.then("choose another with --inference or --console"));
  }

  Problem file(InstallRefusal.HostFileFault r) {
    boolean denied = r.reason().equals(InstallRefusal.HostFileFault.DENIED);
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
}
