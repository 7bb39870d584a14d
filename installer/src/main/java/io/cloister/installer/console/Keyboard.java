package io.cloister.installer.console;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.UserInterruptException;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;

/**
 * What a person types, line by line. On a terminal that can redraw JLine edits the line; on a dumb
 * one, which a serial console often is, the kernel does. Either way Ctrl-C and Ctrl-D end the
 * question, not the program: the command says what state it leaves.
 */
final class Keyboard {
  private static final int LINE_BYTES_MAX = 4096;

  private final Surroundings here;
  private final Output out;
  private final Optional<Screen> screen;

  /**
   * Reads nothing yet.
   *
   * @param screen where lines can be edited
   */
  Keyboard(Surroundings here, Output out, Optional<Screen> screen) {
    this.here = here;
    this.out = out;
    this.screen = screen;
  }

  /** The line; empty when there is none any more, or the person wants to stop. */
  Optional<String> read(String question) {
    String prompt = Printable.line(question) + " ";
    Optional<LineReader> editor = screen.flatMap(Screen::findEditor);
    return editor.isPresent() ? edited(editor.get(), prompt) : typed(prompt);
  }

  private Optional<String> edited(LineReader editor, String prompt) {
    try {
      String shown = here.utf8() ? prompt : Printable.ascii(prompt);
      // A percent sign begins a pattern in JLine's prompts.
      return Optional.of(editor.readLine(shown.replace("%", "%%")));
    } catch (UserInterruptException | EndOfFileException stopped) {
      return Optional.empty();
    }
  }

  /** A read cannot be interrupted: it is left to a thread that does not keep the program alive. */
  private Optional<String> typed(String prompt) {
    out.write(prompt);
    CompletableFuture<Optional<String>> line = new CompletableFuture<>();
    Object before = Signals.register("INT", () -> line.complete(Optional.empty()));
    Thread.ofPlatform().daemon().name("keyboard").start(() -> line.complete(find()));
    Optional<String> read = line.join();
    Signals.unregister("INT", before);
    if (read.isEmpty()) {
      out.write("\n");
    }
    return read;
  }

  private Optional<String> find() {
    try {
      return Optional.ofNullable(line());
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  /** Byte by byte: nothing that was typed for the next reader is taken. */
  private @Nullable String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = here.in().read(); c != '\n'; c = here.in().read()) {
      if (c < 0 && line.size() == 0) {
        return null;
      }
      if (c < 0 || line.size() == LINE_BYTES_MAX) {
        break;
      }
      line.write(c);
    }
    return line.toString(here.encoding());
  }
}
