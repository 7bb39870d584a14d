package io.cloister.repo;

import io.cloister.repo.VendorRefusal.BadArgument;
import io.cloister.repo.VendorRefusal.BadKeyFile;
import io.cloister.repo.VendorRefusal.BadPackage;
import io.cloister.repo.VendorRefusal.BadRepository;
import io.cloister.repo.VendorRefusal.BadRoleFile;
import io.cloister.repo.VendorRefusal.BadToken;
import io.cloister.repo.VendorRefusal.FileFault;
import io.cloister.repo.VendorRefusal.OtherContent;
import io.cloister.repo.VendorRefusal.RepositoryBusy;
import io.cloister.repo.VendorRefusal.ThresholdUnreachable;
import io.cloister.repo.VendorRefusal.UnknownKey;
import io.cloister.repo.VendorRefusal.UnknownKeyId;
import io.cloister.repo.VendorRefusal.UnknownRole;
import io.cloister.repo.VendorRefusal.WouldOverwrite;

/** Words for the vendor's tool. */
final class VendorWords {
  private VendorWords() {}

  static Problem problem(VendorRefusal refusal, RefusedCommand command) {
    return switch (refusal) {
      case BadArgument it ->
          words("USAGE-ARGUMENT", "the command line does not make sense")
              .line("argument", it.argument())
              .line("fault", it.fault())
              .why("nothing is guessed")
              .problem(command, "add --help to the command");
      case WouldOverwrite it ->
          words("USAGE-EXISTS", "something is there already")
              .line("path", it.path())
              .line("found", it.found())
              .why("keys, packages and media are never replaced")
              .problem(command, "choose another path or version, or remove it yourself");
      case BadKeyFile it -> badKeyFile(it, command);
      case BadToken it -> badToken(it, command);
      case UnknownKey it -> unknownKey(it, command);
      case UnknownKeyId it -> unknownKeyId(it, command);
      case UnknownRole it -> unknownRole(it, command);
      case ThresholdUnreachable it -> thresholdUnreachable(it, command);
      case BadRoleFile it -> badRoleFile(it, command);
      case OtherContent it -> otherContent(it, command);
      case BadRepository it -> badRepository(it, command);
      case RepositoryBusy it -> repositoryBusy(it, command);
      case BadPackage it -> badPackage(it, command);
      case FileFault it ->
          new Words("HOST-REPOSITORY", ExitCode.HOST_UNFIT, "a file cannot be read or written")
              .line("path", it.path())
              .line("fault", it.fault())
              .why("the operating system refused")
              .problem(command, command.then("name another path, mend permissions or free space"));
    };
  }

  private static Problem badRepository(BadRepository it, RefusedCommand command) {
    return words("USAGE-REPOSITORY", "the repository is not ready for this command")
        .line("folder", it.folder())
        .line("fault", it.fault())
        .why("a repository is made by init, filled by add and closed by sign")
        .problem(command, "see: cloister-repo --help");
  }

  private static Problem repositoryBusy(RepositoryBusy it, RefusedCommand command) {
    return words("USAGE-REPOSITORY-BUSY", "another command is changing the repository")
        .line("folder", it.folder())
        .why("of two that sign at once one would be lost")
        .problem(command, "wait until it has ended, then run this again");
  }

  private static Problem badKeyFile(BadKeyFile it, RefusedCommand command) {
    return words("USAGE-KEY-FILE", "a key file cannot be used")
        .line("file", it.file())
        .line("fault", it.fault())
        .why("a private key is PKCS#8 PEM that only its owner can read")
        .problem(command, "make one with: cloister-repo key generate FILE");
  }

  private static Problem unknownKey(UnknownKey it, RefusedCommand command) {
    return words("USAGE-KEY-ROLE", "no role of this repository knows the key")
        .line("file", it.file())
        .line("key", it.keyId())
        .line("known", it.known())
        .why("its signature would count for nothing")
        .problem(command, "sign with a key named by root.json");
  }

  private static Problem badToken(BadToken it, RefusedCommand command) {
    return words("USAGE-KEY-TOKEN", "a key on a token cannot be used")
        .line("key", it.uri())
        .line("fault", it.fault())
        .why("it is named by a PKCS#11 URI (RFC 7512) and lies there with a certificate")
        .problem(command, command.then("plug the token in, or mend the URI"));
  }

  private static Problem unknownKeyId(UnknownKeyId it, RefusedCommand command) {
    return words("USAGE-KEY-ID", "the key id does not mean one key")
        .line("key", it.keyId())
        .line("matches", String.valueOf(it.matches()))
        .line("known", it.known())
        .why("a key is named by its id or the first 8 digits or more of it")
        .problem(command, "see the key ids with: cloister-repo inspect REPO");
  }

  private static Problem unknownRole(UnknownRole it, RefusedCommand command) {
    return words("USAGE-ROLE", "there is no such role")
        .line("role", it.role())
        .line("known", it.known())
        .why("roles are root, targets, snapshot, timestamp and the delegated ones")
        .problem(command, "see the roles with: cloister-repo inspect REPO");
  }

  private static Problem thresholdUnreachable(ThresholdUnreachable it, RefusedCommand command) {
    return words("USAGE-THRESHOLD", "the role could not be signed any more")
        .line("role", it.role())
        .line("threshold", it.threshold() + " different keys")
        .line("keys", String.valueOf(it.keys()))
        .why("nobody could ever reach the threshold (TUF 1.0.34 §4.3)")
        .problem(command, "add a key, or lower the threshold, in the same command (rotate)");
  }

  private static Problem badRoleFile(BadRoleFile it, RefusedCommand command) {
    return words("USAGE-ROLE-FILE", "the file does not carry a role to be signed")
        .line("file", it.file())
        .line("fault", it.fault())
        .why("what is signed must be whole and follow what was signed before it")
        .problem(command, "make it with: cloister-repo role export REPO ROLE FILE");
  }

  private static Problem otherContent(OtherContent it, RefusedCommand command) {
    return words("USAGE-STAGED", "the signatures are for something else than what waits here")
        .line("file", it.file())
        .line("role", it.role())
        .line("waiting", it.staged())
        .line("offered", it.offered())
        .why("a signature counts for the very bytes that were signed")
        .problem(command, "export the role again and have that signed");
  }

  private static Problem badPackage(BadPackage it, RefusedCommand command) {
    return words("USAGE-PACKAGE", "the folder cannot become a package")
        .line("folder", it.folder())
        .line("file", it.file())
        .line("fault", it.fault())
        .why("what is packed must be installable everywhere")
        .problem(command, command.then("change the folder"));
  }

  private static Words words(String code, String summary) {
    return new Words(code, ExitCode.USAGE, summary);
  }
}
