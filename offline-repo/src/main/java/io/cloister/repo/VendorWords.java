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

  static Problem problem(VendorRefusal refusal, String state) {
    return switch (refusal) {
      case BadArgument it ->
          words("USAGE-ARGUMENT", "the command line does not make sense")
              .line("argument", it.argument())
              .line("fault", it.fault())
              .why("nothing is guessed")
              .problem(state, "add --help to the command");
      case WouldOverwrite it ->
          words("USAGE-EXISTS", "something is there already")
              .line("path", it.path())
              .line("found", it.found())
              .why("keys, packages and media are never replaced")
              .problem(state, "choose another path or version, or remove it yourself");
      case BadKeyFile it -> badKeyFile(it, state);
      case UnknownKey it -> unknownKey(it, state);
      case BadRepository it ->
          words("USAGE-REPOSITORY", "the repository is not ready for this command")
              .line("folder", it.folder())
              .line("fault", it.fault())
              .why("a repository is made by init, filled by add and closed by sign")
              .problem(state, "see: cloister-repo --help");
      case BadPackage it -> badPackage(it, state);
      case FileFault it ->
          new Words("HOST-REPOSITORY", ExitCode.HOST_UNFIT, "a file cannot be read or written")
              .line("path", it.path())
              .line("fault", it.fault())
              .why("the operating system refused")
              .problem(state, "free space or mend permissions, then run the same command again");
    };
  }

  private static Problem badKeyFile(BadKeyFile it, String state) {
    return words("USAGE-KEY-FILE", "a key file cannot be used")
        .line("file", it.file())
        .line("fault", it.fault())
        .why("a private key is an Ed25519 key in PKCS#8 PEM that only its owner can read")
        .problem(state, "make one with: cloister-repo key generate FILE");
  }

  private static Problem unknownKey(UnknownKey it, String state) {
    return words("USAGE-KEY-ROLE", "no role of this repository knows the key")
        .line("file", it.file())
        .line("key", it.keyId())
        .line("known", it.known())
        .why("its signature would count for nothing")
        .problem(state, "sign with a key named by root.json");
  }

  private static Problem badPackage(BadPackage it, String state) {
    return words("USAGE-PACKAGE", "the folder cannot become a package")
        .line("folder", it.folder())
        .line("file", it.file())
        .line("fault", it.fault())
        .why("what is packed must be installable everywhere")
        .problem(state, "change the folder, then run the same command again");
  }

  private static Words words(String code, String summary) {
    return new Words(code, ExitCode.USAGE, summary);
  }
}
