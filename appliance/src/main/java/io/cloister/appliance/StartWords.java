package io.cloister.appliance;

import io.cloister.appliance.StartFault.AddressUnfit;
import io.cloister.appliance.StartFault.BadSettings;
import io.cloister.appliance.StartFault.CertificateUnusable;
import io.cloister.appliance.StartFault.DatabaseUnusable;
import io.cloister.appliance.StartFault.DeploymentUnusable;
import io.cloister.appliance.StartFault.FolderUnusable;
import io.cloister.appliance.StartFault.NotSetUp;
import io.cloister.appliance.StartFault.OtherSocket;
import io.cloister.appliance.StartFault.PortInUse;
import io.cloister.appliance.StartFault.Running;
import io.cloister.repo.ExitCode;
import io.cloister.repo.Problem;
import io.cloister.repo.Problem.Evidence;
import io.cloister.repo.RefusedCommand;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Words for every {@link StartFault}; each code has a section in docs/reference/errors.md. Commands
 * in them work when pasted.
 *
 * @param home of the release that runs; empty when none does, but a build
 */
record StartWords(Folders folders, Optional<Path> home) {
  private static final String STATE = "the appliance is not running; nothing on disk was changed";

  Problem problem(StartFault fault) {
    return switch (fault) {
      case BadSettings it -> settings(it);
      case PortInUse it -> portInUse(it);
      case AddressUnfit it -> addressUnfit(it);
      case OtherSocket it -> otherSocket(it);
      case NotSetUp it -> notSetUp(it);
      case Running it -> running(it);
      case DatabaseUnusable it -> database(it);
      case CertificateUnusable it -> certificate(it);
      case DeploymentUnusable it -> deployment(it);
      case FolderUnusable it -> folder(it);
    };
  }

  private Problem settings(BadSettings it) {
    List<Evidence> evidence =
        it.faults().stream().map(fault -> new Evidence("setting", fault.toString())).toList();
    return down(
        "SERVICE-SETTINGS",
        "the settings in " + it.file() + " cannot be used",
        evidence,
        "an appliance that guessed what was meant might listen where it should not",
        thenStart("correct every line named above"));
  }

  private Problem portInUse(PortInUse it) {
    return down(
        "SERVICE-PORT-IN-USE",
        "another program listens on the port of the " + it.listener() + " listener",
        List.of(
            new Evidence("wanted", it.address().toString()), new Evidence("system", it.reason())),
        "two programs cannot accept connections on one port",
        thenStart(
            "see who has it: ss -ltnp 'sport = :%d'; stop that, or change listeners.%s.port in %s"
                .formatted(it.address().port(), it.listener(), folders.settings())));
  }

  private Problem addressUnfit(AddressUnfit it) {
    return new Problem(
        "SERVICE-ADDRESS",
        ExitCode.HOST_UNFIT,
        "this host cannot listen where the " + it.listener() + " listener should",
        List.of(
            new Evidence("wanted", it.address().toString()), new Evidence("system", it.reason())),
        "the address must be one of this host's, and ports below 1024 need a privilege",
        STATE,
        thenStart(
            "see the addresses: ip address; correct listeners.%s in %s"
                .formatted(it.listener(), folders.settings())));
  }

  private Problem otherSocket(OtherSocket it) {
    return down(
        "SERVICE-SOCKET",
        "systemd does not listen where the settings say for the " + it.listener() + " listener",
        List.of(
            new Evidence("settings", it.address().toString()),
            new Evidence("systemd", it.passed().isEmpty() ? "no such socket" : it.passed())),
        "systemd opens the listeners, and its units were made from other settings",
        "run: cloister repair");
  }

  private Problem notSetUp(NotSetUp it) {
    return down(
        "SERVICE-NOT-SET-UP",
        "this appliance was not set up yet",
        List.of(new Evidence("missing", it.missing().toString())),
        "without its certificate no connection would be encrypted",
        thenStart("run: " + setup()));
  }

  private Problem running(Running it) {
    return new Problem(
        "SERVICE-RUNNING",
        ExitCode.BUSY,
        "this appliance runs already",
        List.of(new Evidence("answers", it.socket().toString())),
        "two of them would write one database",
        "the running appliance goes on undisturbed",
        "run: " + cloister("status"));
  }

  private Problem database(DatabaseUnusable it) {
    return down(
        "SERVICE-DATABASE",
        "the appliance's database cannot be opened",
        List.of(
            new Evidence("folder", it.folder().toString()), new Evidence("system", it.reason())),
        "another process may have it, the disk may be full, or it was damaged",
        "check the disk (df, dmesg) and who uses it (fuser -v on the folder); if it is damaged,"
            + " run: "
            + cloister("support collect"));
  }

  private Problem certificate(CertificateUnusable it) {
    return down(
        "SERVICE-CERTIFICATE",
        "the certificate or its private key cannot be used",
        List.of(
            new Evidence("folder", it.folder().toString()), new Evidence("system", it.reason())),
        "both listeners speak TLS only",
        thenStart(
            "put the right cert.pem and key.pem there, or remove both for a new certificate with a"
                + " new fingerprint and run: "
                + setup()));
  }

  private Problem deployment(DeploymentUnusable it) {
    return down(
        "SERVICE-DEPLOYMENT",
        "the file that says what should run cannot be used",
        List.of(new Evidence("file", it.file().toString()), new Evidence("system", it.reason())),
        "only the installer writes it; something else changed it, or the disk is failing",
        thenStart("check the disk (dmesg)"));
  }

  private Problem folder(FolderUnusable it) {
    return new Problem(
        "SERVICE-FOLDER",
        ExitCode.HOST_UNFIT,
        "a folder the appliance needs cannot be used",
        List.of(
            new Evidence("folder", it.folder().toString()), new Evidence("system", it.reason())),
        "the service's user must be able to write it, the disk must have room, and the path of a"
            + " Unix socket is at most 107 bytes",
        STATE,
        "correct owner and mode of the folder (chown, chmod) or choose a shorter --root");
  }

  private String cloister(String command) {
    return "cloister --root " + root() + " " + command;
  }

  private String root() {
    return RefusedCommand.shell(List.of(folders.root().toString()));
  }

  /** The installer sets a release up when it puts one into service; by hand it is this. */
  private String setup() {
    String appliance =
        home.map(folder -> folder.resolve("bin/cloister-appliance").toString())
            .orElse("cloister-appliance");
    return RefusedCommand.shell(List.of(appliance))
        + " setup --root "
        + root()
        + " --release "
        + folders.release();
  }

  private String thenStart(String remedy) {
    return remedy + ", then run: " + cloister("start");
  }

  private static Problem down(
      String code, String summary, List<Evidence> evidence, String why, String next) {
    return new Problem(code, ExitCode.DOWN, summary, evidence, why, STATE, next);
  }
}
