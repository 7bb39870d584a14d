package io.cloister.installer;

import static io.cloister.repo.ExitCode.HOST_UNFIT;

import io.cloister.installer.HostFinding.GlibcTooOld;
import io.cloister.installer.HostFinding.LimitsLow;
import io.cloister.installer.HostFinding.MemoryScarce;
import io.cloister.installer.HostFinding.MemoryTooSmall;
import io.cloister.installer.HostFinding.NameUnwritable;
import io.cloister.installer.HostFinding.NoSystemd;
import io.cloister.installer.HostFinding.PortsInUse;
import io.cloister.installer.HostFinding.SelinuxEnforcing;
import io.cloister.installer.HostFinding.SlowProcessor;
import io.cloister.installer.HostFinding.SystemdTooOld;
import io.cloister.installer.HostFinding.UmaskNarrow;
import io.cloister.installer.HostFinding.WrongPlatform;
import io.cloister.repo.Problem;
import io.cloister.repo.Problem.Evidence;
import java.util.ArrayList;
import java.util.List;

/** The words of what is wrong with the machine, one case for each; those of disks are next door. */
record HostWords(Situation here) {

  Problem problem(HostFinding finding) {
    var disk = new DiskWords(here);
    return switch (finding) {
      case NoSystemd _ -> noSystemd();
      case SystemdTooOld f -> systemd(f);
      case WrongPlatform f -> platform(f);
      case GlibcTooOld f -> glibc(f);
      case SlowProcessor f -> processor(f);
      case MemoryTooSmall f -> tooSmall(f);
      case MemoryScarce f -> scarce(f);
      case HostFinding.SocketPathTooLong f -> disk.pathTooLong(f);
      case HostFinding.NotWritable f -> disk.permission(f);
      case HostFinding.ReadOnly f -> disk.readOnly(f);
      case HostFinding.NoExec f -> disk.noExec(f);
      case HostFinding.FolderIsLink f -> disk.link(f);
      case HostFinding.LinkBroken f -> disk.broken(f);
      case HostFinding.Exposed f -> disk.exposed(f);
      case HostFinding.DiskTooSmall f -> disk.tooSmall(f);
      case HostFinding.DiskSlow f -> disk.slow(f);
      case PortsInUse f -> ports(f);
      case HostFinding.ClockWrong f -> clock(f);
      case UmaskNarrow f -> umask(f);
      case SelinuxEnforcing f -> selinux(f);
      case HostFinding.FewRandomBits f -> randomness(f);
      case LimitsLow f -> limits(f);
      case NameUnwritable f -> locale(f);
    };
  }

  private Problem unfit(
      String code, String summary, List<Evidence> evidence, String why, String next) {
    return here.problem(code, HOST_UNFIT, summary, evidence, why, next);
  }

  private static List<Evidence> both(String found, String needed) {
    return List.of(new Evidence("here", found), new Evidence("needed", needed));
  }

  private Problem noSystemd() {
    return unfit(
        "HOST-NO-SYSTEMD",
        "this machine was not started by systemd",
        List.of(
            new Evidence("missing", "/run/systemd/system"), new Evidence("missing", "--root DIR")),
        "systemd runs the service on a host of its own; a trial below a folder needs none",
        here.again() + " --root DIR");
  }

  private Problem systemd(SystemdTooOld f) {
    return unfit(
        "HOST-SYSTEMD",
        "the systemd of this machine is too old",
        both("systemd " + f.here(), "systemd " + f.needed() + " or newer"),
        "an older one does not know what keeps the service apart from the machine, and ignores it",
        here.then("move to a newer operating system"));
  }

  private Problem platform(WrongPlatform f) {
    return unfit(
        "HOST-PLATFORM",
        "this machine is of another kind than the release is for",
        both(f.here(), f.needed()),
        "the release is native code",
        "ask the vendor for media for " + f.here());
  }

  private Problem glibc(GlibcTooOld f) {
    return unfit(
        "HOST-GLIBC",
        "the C library of this machine is too old",
        both(
            f.here().isEmpty() ? "no glibc" : "glibc " + f.here(),
            "glibc " + f.needed() + " or newer"),
        "the release's native code is linked against it",
        here.then("move to a newer operating system"));
  }

  private Problem processor(SlowProcessor f) {
    return unfit(
        "HOST-CPU",
        "models will run several times slower than they could: this processor lacks "
            + String.join(", ", f.missing()),
        List.of(
            new Evidence("here", f.model().isEmpty() ? "unnamed" : f.model()),
            new Evidence("missing", String.join(" ", f.missing()))),
        "the inference engine calculates eight numbers at a time with them, and works without",
        "in a virtual machine let the host pass its processor through; else expect longer answers");
  }

  private Problem tooSmall(MemoryTooSmall f) {
    return unfit(
        "HOST-MEMORY",
        "there is not enough memory",
        List.of(
            new Evidence(f.where(), Sizes.of(f.bytes())),
            new Evidence("needed", Sizes.of(f.bytesNeeded()))),
        "the service takes up to 512 MB, and each model a process of its own beside it",
        here.then("give the machine more memory"));
  }

  private Problem scarce(MemoryScarce f) {
    return unfit(
        "HOST-MEMORY-LOW",
        "memory may run out when the models are loaded",
        List.of(
            new Evidence(f.where(), Sizes.of(f.bytes())),
            new Evidence("advised", Sizes.of(f.bytesNeeded()))),
        "the service takes up to 512 MB, and each model a process of its own beside it",
        "see what else takes memory: ps aux --sort=-rss | head; or give the machine more");
  }

  /** Both listeners mostly fail for one reason: they come in one block. */
  private Problem ports(PortsInUse f) {
    List<Evidence> evidence = new ArrayList<>();
    f.listeners()
        .forEach(each -> evidence.add(new Evidence(each.name(), each.at() + ": " + each.reason())));
    boolean one = f.listeners().size() == 1;
    List<String> options = f.listeners().stream().map(e -> "--" + e.name() + " ADDR:PORT").toList();
    List<String> ports = f.listeners().stream().map(e -> "sport = :" + e.port()).toList();
    return unfit(
        "HOST-PORT",
        one
            ? "the port for " + f.listeners().getFirst().name() + " cannot be opened"
            : "the ports cannot be opened",
        evidence,
        "something else listens there, or the address is not this machine's",
        here.then(
            f.asked()
                ? "choose another with " + String.join(" ", options)
                : "see who has it: ss -ltnp '" + String.join(" or ", ports) + "', and end that"));
  }

  private Problem clock(HostFinding.ClockWrong f) {
    boolean behind = f.now().isBefore(f.built());
    return unfit(
        "HOST-CLOCK",
        "this machine's clock is wrong: it says " + f.now(),
        List.of(
            new Evidence("now", f.now() + ", this machine's clock"),
            new Evidence("built", f.built() + ", this program")),
        behind
            ? "no clock that goes right is before the day on which this program was made"
            : "it is decades after the day on which this program was made",
        "set it, in UTC: date -u -s 'YYYY-MM-DD hh:mm:ss'; and keep it: hwclock --systohc --utc");
  }

  private Problem umask(UmaskNarrow f) {
    return unfit(
        "HOST-UMASK",
        "the umask closes new folders to those who need them",
        both("%04o".formatted(f.umask()), "%04o or less".formatted(f.widest())),
        "whatever runs the service must be able to read what is installed",
        "set it in this shell: umask %04o".formatted(f.widest()));
  }

  private Problem selinux(SelinuxEnforcing f) {
    return unfit(
        "HOST-SELINUX",
        "SELinux is enforcing, and Cloister was not tried with it",
        List.of(
            new Evidence("mode", "enforcing"),
            new Evidence("label", f.label().isEmpty() ? "none" : f.label())),
        "a policy may forbid the service what it needs, and nobody has seen which",
        "should the service not start: restorecon -R /opt/cloister /var/lib/cloister; "
            + "ausearch -m avc -ts recent shows what was forbidden");
  }

  private Problem randomness(HostFinding.FewRandomBits f) {
    return unfit(
        "HOST-ENTROPY",
        "the kernel has not gathered enough randomness for keys yet",
        List.of(
            new Evidence("estimate", f.bits() < 0 ? "none" : f.bits() + " bits"),
            new Evidence("ready", f.ready() ? "yes" : "no")),
        "the certificate's key is made from it; until there is enough, making it waits",
        "wait some minutes, or install rng-tools or haveged; a virtual machine wants virtio-rng");
  }

  private Problem limits(LimitsLow f) {
    List<Evidence> evidence = new ArrayList<>();
    List<String> options = new ArrayList<>();
    for (LimitsLow.Low low : f.limits()) {
      evidence.add(
          new Evidence(
              "ulimit " + low.option(),
              "%d, needed %d (%s)".formatted(low.found(), low.needed(), low.name())));
      options.add("ulimit %s %d".formatted(low.option(), low.needed()));
    }
    String remedy =
        String.join("; ", options) + " sets it in this shell, /etc/security/limits.conf for good";
    return unfit(
        f.hard() ? "HOST-LIMIT" : "HOST-LIMIT-LOW",
        f.hard()
            ? "this shell may not do what is needed: a limit is too low"
            : "a limit of this shell is low for the service",
        evidence,
        f.hard()
            ? "a file of the release would be cut off, or its programs would not start"
            : "the service inherits it below --root, and needs more when it is busy",
        f.hard() ? here.then(remedy) : remedy);
  }

  private Problem locale(NameUnwritable f) {
    return unfit(
        "HOST-LOCALE",
        "a name that you typed cannot be read in this shell's locale",
        List.of(new Evidence("name", f.name()), new Evidence("encoding", f.encoding())),
        "another file or folder would be meant than yours",
        "run: export LC_ALL=C.UTF-8, then type the command again");
  }
}
