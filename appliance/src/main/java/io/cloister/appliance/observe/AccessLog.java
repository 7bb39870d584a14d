package io.cloister.appliance.observe;

import io.cloister.appliance.http.JsonText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.logging.FileHandler;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/**
 * One JSON object a line for each request: who asked which model for what, how long it took, how it
 * ended; never what was in it. The files together keep within a size; the oldest goes first.
 */
public final class AccessLog implements AutoCloseable {
  private static final int FILES = 4;
  private static final int MIB_BITS = 20;

  /** Absent where none is wanted. */
  private final Optional<FileHandler> files;

  private AccessLog(Optional<FileHandler> files) {
    this.files = files;
  }

  /** Keeps nothing. */
  public static AccessLog none() {
    return new AccessLog(Optional.empty());
  }

  /**
   * Goes on where the last process ended. A release beside this one writes files of its own.
   *
   * @param mebibytes of all files; 0 to keep nothing
   */
  public static AccessLog open(Path folder, int mebibytes) throws IOException {
    if (mebibytes == 0) {
      return none();
    }
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    String pattern = folder.toString().replace("%", "%%") + "/requests.%u.%g.log";
    long bytes = ((long) mebibytes << MIB_BITS) / FILES;
    FileHandler files = new FileHandler(pattern, bytes, FILES, true);
    files.setEncoding(StandardCharsets.UTF_8.name());
    files.setFormatter(new Line());
    return new AccessLog(Optional.of(files));
  }

  /** Adds one line; does nothing where no log is kept. */
  void add(JsonText.Content fields) {
    files.ifPresent(
        handler ->
            handler.publish(
                new LogRecord(
                    Level.INFO, new String(JsonText.object(fields), StandardCharsets.UTF_8))));
  }

  @Override
  public void close() {
    files.ifPresent(FileHandler::close);
  }

  private static final class Line extends Formatter {
    @Override
    public String format(LogRecord line) {
      return line.getMessage() + "\n";
    }
  }
}
