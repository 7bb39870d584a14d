package io.cloister.installer.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Who can decide what a file says: its owner, whom its mode lets write, and likewise of each folder
 * above it, where the file could be replaced. Only the superuser and the user who runs this may.
 *
 * @param me the user id that this runs as
 */
public record Writers(int me) {
  private static final int OTHERS_WRITE = 0002;
  private static final int GROUP_WRITES = 0020;
  private static final int STICKY = 01000;

  /** A place where somebody else can write, and how. */
  public record Other(Path at, String how) {}

  /** For the user that this process runs as. */
  public static Writers ofProcess() throws IOException {
    return new Writers((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
  }

  /**
   * The first place, from the file upwards, where somebody else can write. Empty for a file that
   * nobody else can change, and then it cannot be exchanged before it is read, either.
   *
   * @param real without links in it, as {@link Path#toRealPath} gives it
   */
  public Optional<Other> findOther(Path real) throws IOException {
    for (Path at = real; at != null; at = at.getParent()) {
      Optional<String> how = findOther(at, !at.equals(real));
      if (how.isPresent()) {
        return Optional.of(new Other(at, how.get()));
      }
    }
    return Optional.empty();
  }

  private Optional<String> findOther(Path at, boolean folder) throws IOException {
    int owner = (Integer) Files.getAttribute(at, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    int mode = (Integer) Files.getAttribute(at, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    if (owner != 0 && owner != me) {
      return Optional.of("user " + owner + " owns it");
    }
    // In a sticky folder, such as /tmp, only the owner of a file may move it (chmod(2)).
    if (folder && (mode & STICKY) != 0) {
      return Optional.empty();
    }
    if ((mode & OTHERS_WRITE) != 0) {
      return Optional.of("everybody may write to it");
    }
    // Ordinary users often have a group of their own; root decides for everybody.
    return me == 0 && (mode & GROUP_WRITES) != 0
        ? Optional.of("its group may write to it")
        : Optional.empty();
  }
}
