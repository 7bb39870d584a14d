package io.cloister.installer.console;

import java.io.IOException;
import java.util.Optional;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The terminal as JLine knows it: its width, and lines that are edited on it. Started when it is
 * first needed, by a progress bar or a question: a command that only prints never pays for it.
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
  private Optional<LineReader> editor = Optional.empty();

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
    int columns = find().map(open -> open.getSize().getColumns()).orElse(0);
    return columns <= 0 ? columnsUsual : Math.max(columns, columnsMin);
  }

  /**
   * For lines that a person edits; empty where the terminal cannot go back on a line, or does not
   * know how long one is, as on many a serial line.
   */
  synchronized Optional<LineReader> findEditor() {
    if (editor.isEmpty()) {
      editor =
          find()
              .filter(open -> !open.getType().startsWith(Terminal.TYPE_DUMB))
              .filter(open -> open.getSize().getColumns() > 0 && open.getSize().getRows() > 0)
              .map(
                  open ->
                      LineReaderBuilder.builder()
                          .terminal(open)
                          .variable(LineReader.DISABLE_HISTORY, true)
                          .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                          // A serial line would show the sequence that asks for it.
                          .option(LineReader.Option.BRACKETED_PASTE, false)
                          .build());
    }
    return editor;
  }

  private Optional<Terminal> find() {
    if (!opened) {
      opened = true;
      try {
        terminal = opener.open();
      } catch (IOException | RuntimeException | LinkageError noTerminal) {
        terminal = null;
      }
    }
    return Optional.ofNullable(terminal);
  }

  synchronized void close() {
    opened = true;
    if (terminal != null) {
      try {
        terminal.close();
      } catch (IOException nothingToKeep) {
        // Each question has put the terminal's state back itself.
      }
      terminal = null;
    }
  }
}
