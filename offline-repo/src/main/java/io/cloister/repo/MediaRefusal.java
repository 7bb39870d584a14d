package io.cloister.repo;

import java.util.List;

/** Bytes that are not the ones that were signed, on a medium or where they were unpacked. */
public sealed interface MediaRefusal extends Refusal {

  /**
   * A file and what it is good for.
   *
   * @param file path on the medium, {@code /}-separated
   * @param holds e.g. {@code model-digits-1.0.0: model.onnx, 4194304 bytes from byte 0}, or empty
   * @param volume e.g. {@code 2 of 3, /media/usb0}, or empty where the medium has no volumes
   */
  record Where(String file, String holds, String volume) {
    public Where(String file, String holds) {
      this(file, holds, "");
    }

    public static Where of(String file) {
      return new Where(file, "");
    }
  }

  /** There is no readable folder where the medium should be. */
  record NoMedium(String folder, String fault) implements MediaRefusal {}

  /** A file that signed data names is not there. */
  record MissingFile(Where where) implements MediaRefusal {}

  /** A link, folder, device or pipe where a plain file belongs. */
  record NotAPlainFile(Where where, String found) implements MediaRefusal {}

  /** There is a folder, but no metadata of Cloister in it. */
  record NotAMedium(String folder) implements MediaRefusal {}

  /**
   * A file, or what comes through a pipe, that does not begin as a bundle does.
   *
   * @param found what it is instead, as far as that shows
   */
  record NotABundle(String file, String found) implements MediaRefusal {}

  /** This user may not read what is there. */
  record NotPermitted(Where where, String user) implements MediaRefusal {}

  /** The drive or the file system reported a fault. */
  record Unreadable(Where where, long offset, String fault) implements MediaRefusal {}

  /** Shorter or longer than signed data states; units are bytes, longer files are not read on. */
  record WrongLength(Where where, long expected, long actual) implements MediaRefusal {}

  /** Longer than this kind of file may ever be. */
  record TooLong(Where where, long bytesMax) implements MediaRefusal {}

  /** The SHA-256 of all {@code length} bytes of a file is not the stated one. */
  record WrongBytes(Where where, long length, String expected, String actual)
      implements MediaRefusal {}

  /** Proven bytes that do not decompress to the stated length. */
  record BadCompression(Where where, long expected, String fault) implements MediaRefusal {}

  /** A signed manifest, or the list SHA256SUMS, breaks a rule of its format. */
  record MalformedManifest(String file, String fault) implements MediaRefusal {}

  /**
   * A bundle that is not a tar in the strict form that is read.
   *
   * @param member the file in it, or empty
   * @param offset of its header, bytes
   */
  record BadBundle(String bundle, String member, long offset, String fault)
      implements MediaRefusal {}

  /**
   * A volume that is needed and that nobody can be asked for.
   *
   * @param read the numbers of those that were read
   * @param needed the numbers of those that still have something
   */
  record VolumeMissing(String set, List<Integer> read, List<Integer> needed, int count)
      implements MediaRefusal {
    public VolumeMissing {
      read = List.copyOf(read);
      needed = List.copyOf(needed);
    }
  }

  /** Media that do not belong together. */
  record VolumeOfAnotherSet(String path, String expected, String found) implements MediaRefusal {}

  /**
   * A delta medium on a machine that lacks what it builds on.
   *
   * @param base the packages whose blobs it leaves out
   * @param blobs how many of those the machine lacks
   * @param bytes of these, as stored
   */
  record BaseAbsent(List<String> base, int blobs, long bytes) implements MediaRefusal {
    public BaseAbsent {
      base = List.copyOf(base);
    }
  }

  /** An unpacked file on this machine is no longer what was installed. */
  record InstalledFileChanged(
      String folder, String file, long offset, String expected, String actual)
      implements MediaRefusal {}
}
