package io.cloister.repo;

import io.cloister.repo.MediaRefusal.BadCompression;
import io.cloister.repo.MediaRefusal.InstalledFileChanged;
import io.cloister.repo.MediaRefusal.MalformedManifest;
import io.cloister.repo.MediaRefusal.MissingFile;
import io.cloister.repo.MediaRefusal.NoMedium;
import io.cloister.repo.MediaRefusal.NotAPlainFile;
import io.cloister.repo.MediaRefusal.TooLong;
import io.cloister.repo.MediaRefusal.Unreadable;
import io.cloister.repo.MediaRefusal.Where;
import io.cloister.repo.MediaRefusal.WrongBytes;
import io.cloister.repo.MediaRefusal.WrongLength;

/** Words for faults of the medium and of unpacked files. */
final class MediaWords {
  private MediaWords() {}

  static Problem problem(MediaRefusal refusal, String medium, String state) {
    return switch (refusal) {
      case NoMedium it -> absent(it, state);
      case MissingFile it -> missing(it, medium, state);
      case NotAPlainFile it -> notPlain(it, medium, state);
      case Unreadable it -> unreadable(it, medium, state);
      case WrongLength it -> wrongLength(it, medium, state);
      case TooLong it -> tooLong(it, medium, state);
      case WrongBytes it -> wrongBytes(it, medium, state);
      case BadCompression it -> badCompression(it, medium, state);
      case MalformedManifest it -> malformed(it, medium, state);
      case InstalledFileChanged it -> changed(it, medium, state);
    };
  }

  private static Problem absent(NoMedium it, String state) {
    return words("MEDIA-ABSENT", "the medium cannot be opened")
        .line("medium", it.folder())
        .line("fault", it.fault())
        .why("there is nothing to read")
        .problem(state, "mount the medium and name its folder");
  }

  private static Problem missing(MissingFile it, String medium, String state) {
    return file("MEDIA-MISSING", "a file that was signed is not on the medium", it.where())
        .line("medium", medium)
        .why("every file that signed metadata names must be there")
        .problem(state, again(medium));
  }

  private static Problem notPlain(NotAPlainFile it, String medium, String state) {
    return file("MEDIA-LINK", "the medium holds a link or special file", it.where())
        .line("expected", "a plain file below plain folders")
        .line("found", it.found())
        .why("following it would leave the medium")
        .problem(state, vendor(medium));
  }

  private static Problem unreadable(Unreadable it, String medium, String state) {
    return file("MEDIA-UNREADABLE", "the medium cannot be read", it.where())
        .line("offset", "byte " + it.offset())
        .line("fault", it.fault())
        .why("the drive or the file system reported a fault")
        .problem(state, again(medium));
  }

  private static Problem wrongLength(WrongLength it, String medium, String state) {
    return file("MEDIA-LENGTH", "a file on the medium has the wrong length", it.where())
        .line("expected", it.expected() + " bytes")
        .line("found", it.actual() > it.expected() ? "more" : it.actual() + " bytes")
        .why("a copy that was cut short, or a file that was changed")
        .problem(state, again(medium));
  }

  private static Problem tooLong(TooLong it, String medium, String state) {
    return file("MEDIA-LIMIT", "a file on the medium is too long", it.where())
        .line("allowed", it.bytesMax() + " bytes")
        .line("found", "more")
        .why("reading on would let a medium exhaust this machine (TUF 1.0.34 §5.3.3)")
        .problem(state, vendor(medium));
  }

  private static Problem badCompression(BadCompression it, String medium, String state) {
    return file("MEDIA-COMPRESSION", "a blob does not decompress as stated", it.where())
        .line("expected", it.expected() + " bytes")
        .line("found", it.fault())
        .why("no more than the stated length is ever decompressed")
        .problem(state, vendor(medium));
  }

  private static Problem malformed(MalformedManifest it, String medium, String state) {
    return words("MEDIA-MANIFEST", "a list of files breaks the rules of its format")
        .line("file", it.file())
        .line("fault", it.fault())
        .why("names and lengths are checked before anything is written, signed or not")
        .problem(state, vendor(medium));
  }

  private static Problem wrongBytes(WrongBytes it, String medium, String state) {
    return file("MEDIA-DAMAGED", "a file on the medium is not the one that was signed", it.where())
        .line("offset", "byte %d, length %d".formatted(it.offset(), it.length()))
        .line("expected", "sha256 " + it.expected())
        .line("found", "sha256 " + it.actual())
        .why("at least one bit differs: a worn medium, a bad copy, or tampering")
        .problem(state, again(medium));
  }

  private static Problem changed(InstalledFileChanged it, String medium, String state) {
    return words("HOST-FILE-CHANGED", "an installed file is no longer what was installed")
        .line("folder", it.folder())
        .line("file", it.file())
        .line("offset", "byte " + it.offset())
        .line("expected", it.expected())
        .line("found", it.actual())
        .why("installed files are proven again before they are used")
        .problem(state, "check the disk, then run: cloister install " + medium);
  }

  private static Words file(String code, String summary, Where where) {
    Words words = words(code, summary).line("file", where.file());
    return where.holds().isEmpty() ? words : words.line("holds", where.holds());
  }

  private static Words words(String code, String summary) {
    return new Words(code, ExitCode.MEDIA_FAULT, summary);
  }

  private static String again(String medium) {
    return "copy the medium again from its source, then run: cloister verify " + medium;
  }

  private static String vendor(String medium) {
    return "do not use this medium; ask the vendor who made it, and keep " + medium;
  }
}
