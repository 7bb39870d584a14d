package io.cloister.installer.support;

import io.cloister.repo.ExitCode;
import io.cloister.repo.Problem;
import io.cloister.repo.Problem.Evidence;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Why no support archive was written, in words. */
public final class SupportWords {
  private static final String untouched =
      "no archive was written; the installation was only read, and runs or rests as before";

  private SupportWords() {}

  /** Nothing is ever replaced. */
  public static Problem exists(Path output) {
    return new Problem(
        "SUPPORT-EXISTS",
        ExitCode.USAGE,
        "there is a file of that name already",
        List.of(new Evidence("output", output.toString())),
        "a support archive never replaces a file: it may be the last good evidence",
        untouched,
        "choose another name with --output, or leave --output out");
  }

  /** The disk is full or failing, or the folder is missing or somebody else's. */
  public static Problem unwritable(Path output, IOException fault) {
    return new Problem(
        "SUPPORT-UNWRITABLE",
        ExitCode.HOST_UNFIT,
        "the support archive cannot be written there",
        List.of(new Evidence("output", output.toString()), new Evidence("fault", words(fault))),
        "it is written beside its place, forced to the disk, then renamed: one of these failed",
        untouched,
        "choose a folder that exists, is yours and has 10 MB free, with --output FILE");
  }

  /** There is nothing at all below the folder that was given. */
  public static Problem nothing(Path root) {
    return new Problem(
        "SUPPORT-NO-INSTALLATION",
        ExitCode.USAGE,
        "there is no installation below this folder",
        List.of(new Evidence("root", root.toString())),
        "neither opt/cloister nor var/lib/cloister nor etc/cloister is there",
        untouched,
        "name the folder that was given to install, with --root DIR");
  }

  private static String words(IOException fault) {
    return switch (fault) {
      case NoSuchFileException _ -> "the folder does not exist";
      case AccessDeniedException _ -> "permission denied";
      default -> String.valueOf(fault.getMessage());
    };
  }
}
