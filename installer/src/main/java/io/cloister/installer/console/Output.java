package io.cloister.installer.console;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes text, each call in one write, so that lines of two processes do not mix. A reader that
 * went away does not stop an installation: the loss is remembered, nothing more is written.
 */
final class Output {
  private final OutputStream stream;
  private final boolean utf8;
  private boolean lost;

  Output(OutputStream stream, boolean utf8) {
    this.stream = stream;
    this.utf8 = utf8;
  }

  synchronized void write(String text) {
    if (lost || text.isEmpty()) {
      return;
    }
    try {
      String encodable = utf8 ? text : Printable.ascii(text);
      stream.write(encodable.getBytes(StandardCharsets.UTF_8));
      stream.flush();
    } catch (IOException gone) {
      lost = true;
    }
  }

  synchronized boolean lost() {
    return lost;
  }
}
