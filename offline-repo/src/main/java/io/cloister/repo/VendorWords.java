package io.cloister.repo;

import io.cloister.repo.VendorRefusal.BadArgument;
import io.cloister.repo.VendorRefusal.BadKeyFile;
import io.cloister.repo.VendorRefusal.BadPackage;
import io.cloister.repo.VendorRefusal.BadRepository;
import io.cloister.repo.VendorRefusal.FileFault;
import io.cloister.repo.VendorRefusal.UnknownKey;
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
      case UnknownKey it -> unknownKey(it, command);
      case BadRepository it ->
          words("USAGE-REPOSITORY", "the repository is not ready for this command")
              .line("folder", it.folder())
              .line("fault", it.fault())
              .why("a repository is made by init, filled by add and closed by sign")
              .problem(command, "see: cloister-repo --help");
      case BadPackage it -> badPackage(it, command);
      case FileFault it ->
          new Words("HOST-REPOSITORY", ExitCode.HOST_UNFIT, "a file cannot be read or written")
              .line("path", it.path())
              .line("fault", it.fault())
              .why("the operating system refused")
              .problem(command, command.then("free space or mend permissions"));
    };
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
