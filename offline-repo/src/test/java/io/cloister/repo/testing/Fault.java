package io.cloister.repo.testing;

/** What goes wrong at the chosen effect of a {@link FaultyFileSystem}. */
public enum Fault {
  /** It fails, once. */
  ERROR,

  /** Nothing is created or written from there on; all else works: a disk that is full. */
  FULL,

  /** It fails, and so does every one after it; only deleting works on. */
  BROKEN,

  /** It does not happen, and nothing after it: the process is killed. */
  CUT,

  /** Likewise; of a write one half happens. */
  TORN,

  /** As {@link #CUT}, and {@link FaultyFileSystem#losePower} then takes what was not forced. */
  LOST,

  /** Likewise, but of some files and folders what was not forced is there all the same. */
  LOST_IN_PART;

  /** Whether the process ends with it. */
  public boolean ends() {
    return compareTo(CUT) >= 0;
  }

  /** Whether only what was forced is sure to be there afterwards. */
  public boolean loses() {
    return compareTo(LOST) >= 0;
  }
}
