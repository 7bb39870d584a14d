package io.cloister.repo;

import io.cloister.repo.MediaRefusal.BadBundle;
import io.cloister.repo.MediaRefusal.BadCompression;
import io.cloister.repo.MediaRefusal.BaseAbsent;
import io.cloister.repo.MediaRefusal.InstalledFileChanged;
import io.cloister.repo.MediaRefusal.MalformedManifest;
import io.cloister.repo.MediaRefusal.MissingFile;
import io.cloister.repo.MediaRefusal.NoMedium;
import io.cloister.repo.MediaRefusal.NotABundle;
import io.cloister.repo.MediaRefusal.NotAMedium;
import io.cloister.repo.MediaRefusal.NotAPlainFile;
import io.cloister.repo.MediaRefusal.NotPermitted;
import io.cloister.repo.MediaRefusal.TooLong;
import io.cloister.repo.MediaRefusal.Unreadable;
import io.cloister.repo.MediaRefusal.VolumeMissing;
import io.cloister.repo.MediaRefusal.VolumeOfAnotherSet;
import io.cloister.repo.MediaRefusal.Where;
import io.cloister.repo.MediaRefusal.WrongBytes;
import io.cloister.repo.MediaRefusal.WrongLength;
import java.util.List;

/** Words for faults of the medium and of unpacked files. */
final class MediaWords {
  private static final int SET_DIGITS = 12;

  private MediaWords() {}

  static Problem problem(MediaRefusal refusal, RefusedCommand command) {
    return switch (refusal) {
      case NoMedium it -> absent(it, command);
      case MissingFile it -> missing(it, command);
      case NotAPlainFile it -> notPlain(it, command);
      case NotAMedium it -> notAMedium(it, command);
      case NotABundle it -> notABundle(it, command);
      case NotPermitted it -> notPermitted(it, command);
      case Unreadable it -> unreadable(it, command);
      case WrongLength it -> wrongLength(it, command);
      case TooLong it -> tooLong(it, command);
      case WrongBytes it -> wrongBytes(it, command);
      case BadCompression it -> badCompression(it, command);
      case MalformedManifest it -> malformed(it, command);
      case BadBundle it -> badBundle(it, command);
      case VolumeMissing it -> volumeMissing(it, command);
      case VolumeOfAnotherSet it -> otherSet(it, command);
      case BaseAbsent it -> baseAbsent(it, command);
      case InstalledFileChanged it -> changed(it, command);
    };
  }

  private static Problem absent(NoMedium it, RefusedCommand command) {
    return words("MEDIA-ABSENT", "the medium cannot be opened")
        .line("medium", it.folder())
        .line("fault", it.fault())
        .why("there is nothing to read")
        .problem(command, "mount the medium and name its folder");
  }

  private static Problem notAMedium(NotAMedium it, RefusedCommand command) {
    return words("MEDIA-NOT-CLOISTER", "this is not a Cloister medium")
        .line("folder", it.folder())
        .line("expected", "metadata/1.root.json and metadata/timestamp.json")
        .line("found", "neither")
        .why("a medium is known by its signed metadata, and there is none here")
        .problem(command, "check that the stick is mounted, and which folder it is: findmnt");
  }

  private static Problem notABundle(NotABundle it, RefusedCommand command) {
    return words("MEDIA-NOT-BUNDLE", "this is no Cloister bundle")
        .line("file", it.file())
        .line("expected", "one tar, as cloister-repo publish --bundle writes it")
        .line("found", it.found())
        .why("a medium is a folder, or one tar that was never compressed or packed anew")
        .problem(command, "name the medium's folder, or the bundle as the vendor made it");
  }

  private static Problem notPermitted(NotPermitted it, RefusedCommand command) {
    return file("MEDIA-PERMISSION", "you may not read the medium", it.where())
        .line("medium", command.medium())
        .line("fault", "permission denied for user " + it.user())
        .why("every byte is read and proven, as the user who runs the command")
        .problem(
            command,
            command.then(
                "mount it so that %s may read it, or become its owner".formatted(it.user())));
  }

  private static Problem missing(MissingFile it, RefusedCommand command) {
    return file("MEDIA-MISSING", "a file that was signed is not on the medium", it.where())
        .line("medium", command.medium())
        .why("every file that signed metadata names must be there")
        .problem(command, copyAgain(command));
  }

  private static Problem notPlain(NotAPlainFile it, RefusedCommand command) {
    return file("MEDIA-LINK", "the medium holds a link or special file", it.where())
        .line("expected", "a plain file below plain folders")
        .line("found", it.found())
        .why("following it would leave the medium")
        .problem(command, vendor(command));
  }

  private static Problem unreadable(Unreadable it, RefusedCommand command) {
    return file("MEDIA-UNREADABLE", "the medium cannot be read", it.where())
        .line("offset", "byte " + it.offset())
        .line("fault", it.fault())
        .why("the drive or the file system reported a fault")
        .problem(command, copyAgain(command));
  }

  private static Problem wrongLength(WrongLength it, RefusedCommand command) {
    return file("MEDIA-LENGTH", "a file on the medium has the wrong length", it.where())
        .line("expected", it.expected() + " bytes")
        .line("found", it.actual() > it.expected() ? "more" : it.actual() + " bytes")
        .why("a copy that was cut short, or a file that was changed")
        .problem(command, copyAgain(command));
  }

  private static Problem tooLong(TooLong it, RefusedCommand command) {
    return file("MEDIA-LIMIT", "a file on the medium is too long", it.where())
        .line("allowed", it.bytesMax() + " bytes")
        .line("found", "more")
        .why("reading on would let a medium exhaust this machine (TUF 1.0.34 §5.3.3)")
        .problem(command, vendor(command));
  }

  private static Problem badCompression(BadCompression it, RefusedCommand command) {
    return file("MEDIA-COMPRESSION", "a blob does not decompress as stated", it.where())
        .line("expected", it.expected() + " bytes")
        .line("found", it.fault())
        .why("no more than the stated length is ever decompressed")
        .problem(command, vendor(command));
  }

  private static Problem malformed(MalformedManifest it, RefusedCommand command) {
    return words("MEDIA-MANIFEST", "a list of files breaks the rules of its format")
        .line("file", it.file())
        .line("fault", it.fault())
        .why("names and lengths are checked before anything is written, signed or not")
        .problem(command, vendor(command));
  }

  private static Problem badBundle(BadBundle it, RefusedCommand command) {
    Words words =
        words("MEDIA-BUNDLE", "the bundle is not in the form that is read")
            .line("bundle", it.bundle());
    if (!it.member().isEmpty()) {
      words.line("file", it.member());
    }
    return words
        .line("offset", "byte " + it.offset())
        .line("fault", it.fault())
        .why("a bundle is a plain tar of plain files, in one order, and nothing else")
        .problem(command, copyAgain(command));
  }

  private static Problem wrongBytes(WrongBytes it, RefusedCommand command) {
    return file("MEDIA-DAMAGED", "a file on the medium is not the one that was signed", it.where())
        .line("hashed", "all %d bytes".formatted(it.length()))
        .line("expected", "sha256 " + it.expected())
        .line("found", "sha256 " + it.actual())
        .why("at least one bit differs: a worn medium, a bad copy, or tampering")
        .problem(command, copyAgain(command));
  }

  private static Problem volumeMissing(VolumeMissing it, RefusedCommand command) {
    String needed = numbers(it.needed());
    return words("MEDIA-VOLUME-MISSING", "a volume of the set is missing")
        .line("set", it.set().substring(0, SET_DIGITS))
        .line("read", "volume %s of %d".formatted(numbers(it.read()), it.count()))
        .line("missing", "volume " + needed)
        .why("what is still needed is on those, and nobody is at a terminal to put them in")
        .problem(
            command,
            "put volume %s in and run again; volumes may be given together: %s"
                .formatted(needed, command.again()));
  }

  private static String numbers(List<Integer> numbers) {
    return String.join(", ", numbers.stream().map(String::valueOf).toList());
  }

  private static Problem otherSet(VolumeOfAnotherSet it, RefusedCommand command) {
    return words("MEDIA-VOLUME-SET", "these media do not belong together")
        .line("medium", it.path())
        .line("expected", it.expected())
        .line("found", it.found())
        .why("volumes are read together only where they say that they are of one set")
        .problem(command, command.then("give the volumes of one set"));
  }

  private static Problem baseAbsent(BaseAbsent it, RefusedCommand command) {
    return words("MEDIA-BASE-ABSENT", "this delta medium needs what this machine does not have")
        .line("needed", String.join(", ", it.base()))
        .line("missing", "%d blobs, %d bytes".formatted(it.blobs(), it.bytes()))
        .why("a delta leaves out what the machine it was made for has, and each byte is proven")
        .problem(
            command,
            "ask the vendor for a whole medium, or bring this machine to %s first"
                .formatted(String.join(", ", it.base())));
  }

  private static Problem changed(InstalledFileChanged it, RefusedCommand command) {
    return words("HOST-FILE-CHANGED", "an installed file is no longer what was installed")
        .line("folder", it.folder())
        .line("file", it.file())
        .line("offset", "byte " + it.offset())
        .line("expected", it.expected())
        .line("found", it.actual())
        .why("installed files are proven again before they are used")
        .problem(command, command.then("check the disk and put the medium in"));
  }

  private static Words file(String code, String summary, Where where) {
    Words words = words(code, summary).line("file", where.file());
    if (!where.volume().isEmpty()) {
      words.line("volume", where.volume());
    }
    return where.holds().isEmpty() ? words : words.line("holds", where.holds());
  }

  private static Words words(String code, String summary) {
    return new Words(code, ExitCode.MEDIA_FAULT, summary);
  }

  private static String copyAgain(RefusedCommand command) {
    return command.then("copy the medium again from its source");
  }

  private static String vendor(RefusedCommand command) {
    return "do not use this medium; ask the vendor who made it, and keep " + command.medium();
  }
}
