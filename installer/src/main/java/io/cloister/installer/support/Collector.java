package io.cloister.installer.support;

import java.io.IOException;

/** Collects one entry of the archive. A failure becomes the entry; it never ends the archive. */
interface Collector {
  /** The entry's name, relative, with {@code /} between its parts. */
  String entry();

  /**
   * The entry's bytes, redacted here, at the source.
   *
   * @param redactions counts what was left out
   */
  Collected collect(Redactions redactions) throws IOException;
}
