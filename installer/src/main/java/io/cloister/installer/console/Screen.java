package io.cloister.installer.console;

import java.io.IOException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The width of the terminal, as JLine knows it. Started at the first question, which is the first
 * progress bar: a command that only prints never pays for it.
 */
final class Screen {
  private static final int columnsUsual = 80;
  private static final int columnsMin = 20;

  /** How the terminal is opened. */
  interface Opener {
    Terminal open() throws IOException;
  }

  private final Opener opener;
  private boolean opened;
  private @Nullable Terminal terminal;

  Screen(Opener opener) {
    this.opener = opener;
  }

  static Screen ofProcess() {
    return new Screen(
        () ->
            TerminalBuilder.builder()
                .system(true)
                .provider("ffm")
                .dumb(true)
                .nativeSignals(false)
                // No questions to the terminal: a serial line answers late, into the shell.
                .graphemeCluster(false)
                .build());
  }

  /** Columns now; a serial console that says 0 gets 80. */
  synchronized int columns() {
    if (!opened) {
      opened = true;
      open();
    }
    int columns = terminal == null ? 0 : terminal.getSize().getColumns();
    return columns <= 0 ? columnsUsual : Math.max(columns, columnsMin);
  }

  private void open() {
    try {
      terminal = opener.open();
    } catch (IOException | RuntimeException | LinkageError noTerminal) {
      terminal = null;
    }
  }

  synchronized void close() {
    opened = true;
    if (terminal != null) {
      try {
        terminal.close();
      } catch (IOException nothingToKeep) {
        // Only the width was asked for: the terminal's state was never changed.
      }
      terminal = null;
    }
  }
}
