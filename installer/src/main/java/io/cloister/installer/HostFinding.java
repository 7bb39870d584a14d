package io.cloister.installer;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What is wrong with a machine, or might be: evidence only, no words. */
public sealed interface HostFinding {

  /** Without {@code --root} nothing is installed yet. */
  record NoSystemd() implements HostFinding {}

  /** It does not know what keeps the service in bounds. */
  record SystemdTooOld(int here, int needed) implements HostFinding {}

  record WrongPlatform(String here, String needed) implements HostFinding {}

  /**
   * Older than the release's own statement allows.
   *
   * @param here empty text when this is another C library
   */
  record GlibcTooOld(String here, String needed) implements HostFinding {}

  /** Everything runs, and slowly. */
  record SlowProcessor(String model, List<String> missing) implements HostFinding {}

  /**
   * The service cannot run in it.
   *
   * @param where whose memory, e.g. {@code this machine}
   */
  record MemoryTooSmall(String where, long bytes, long bytesNeeded) implements HostFinding {}

  /** It may run, as long as nothing else wants memory. */
  record MemoryScarce(String where, long bytes, long bytesNeeded) implements HostFinding {}

  record SocketPathTooLong(Path socket, int bytes, int bytesMax) implements HostFinding {}

  record NotWritable(List<Path> paths, String user) implements HostFinding {
    public NotWritable {
      paths = List.copyOf(paths);
    }
  }

  /** File systems mounted for reading only. */
  record ReadOnly(List<Path> mounts) implements HostFinding {
    public ReadOnly {
      mounts = List.copyOf(mounts);
    }
  }

  /** A file system from which no program may be started. */
  record NoExec(Path programs, Path mount) implements HostFinding {}

  /** One of Cloister's own folders is a symbolic link. */
  record FolderIsLink(List<Path> links) implements HostFinding {
    public FolderIsLink {
      links = List.copyOf(links);
    }
  }

  /** A link that leads to nothing. */
  record LinkBroken(List<Path> links) implements HostFinding {
    public LinkBroken {
      links = List.copyOf(links);
    }
  }

  /**
   * Others may change what this user installs and starts.
   *
   * @param ways one line for each folder or link
   */
  record Exposed(String user, List<Way> ways) implements HostFinding {
    /**
     * One way in.
     *
     * @param who e.g. {@code everyone}
     */
    public record Way(Path path, String who) {}

    public Exposed {
      ways = List.copyOf(ways);
    }
  }

  record DiskTooSmall(List<Room> rooms) implements HostFinding {
    /** One disk, named by the folder that it is for. */
    public record Room(Path path, long bytesFree, long bytesNeeded) {}

    public DiskTooSmall {
      rooms = List.copyOf(rooms);
    }
  }

  /** Each thing that must not be lost waits so long. */
  record DiskSlow(Path path, Duration force, Duration forceMax) implements HostFinding {}

  /**
   * Listeners that cannot be opened.
   *
   * @param asked whether the command has options that choose others; else cloister.yaml has them
   */
  record PortsInUse(List<Taken> listeners, boolean asked) implements HostFinding {
    /** One of them. */
    public record Taken(String name, String at, int port, String reason) {}

    public PortsInUse {
      listeners = List.copyOf(listeners);
    }
  }

  /** The clock is before this program was made, or decades after. */
  record ClockWrong(Instant now, Instant built) implements HostFinding {}

  /** Folders would be closed to those who need them. */
  record UmaskNarrow(int umask, int widest) implements HostFinding {}

  /** Cloister has no policy of its own for SELinux. */
  record SelinuxEnforcing(String label) implements HostFinding {}

  /**
   * Keys would come late.
   *
   * @param bits the kernel's estimate; negative when it gives none
   */
  record FewRandomBits(int bits, boolean ready) implements HostFinding {}

  /**
   * Too little to run with.
   *
   * @param hard whether nothing works then, or less than it should
   */
  record LimitsLow(List<Low> limits, boolean hard) implements HostFinding {
    /** One of them, with the option of {@code ulimit} that sets it, in that option's unit. */
    public record Low(String name, String option, long found, long needed) {}

    public LimitsLow {
      limits = List.copyOf(limits);
    }
  }

  /** A name on the command line that this locale cannot write. */
  record NameUnwritable(String name, String encoding) implements HostFinding {}
}
