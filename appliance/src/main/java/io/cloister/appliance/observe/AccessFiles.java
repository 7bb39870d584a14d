package io.cloister.appliance.observe;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.logging.ErrorManager;
import java.util.logging.FileHandler;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/**
 * The files of the access log, which together keep within a size; the oldest goes first. What they
 * cannot take is lost, and they are opened anew for what comes after it.
 */
final class AccessFiles implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(AccessFiles.class.getName());
  private static final int FILES = 4;

  private final Path folder;
  private final long bytes;
  private final Faults faults = new Faults();
  private Optional<FileHandler> files;
  private boolean failing;
  private boolean closed;

  /** Goes on where the last process ended; a release beside this one writes files of its own. */
  AccessFiles(Path folder, long bytes) throws IOException {
    this.folder = folder;
    this.bytes = bytes / FILES;
    this.files = Optional.of(open());
  }

  private FileHandler open() throws IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    String pattern = folder.toString().replace("%", "%%") + "/requests.%u.%g.log";
    FileHandler handler = new FileHandler(pattern, bytes, FILES, true);
    handler.setEncoding(StandardCharsets.UTF_8.name());
    handler.setFormatter(new Lines());
    handler.setErrorManager(faults);
    return handler;
  }

  /** Writes whole lines, or tells the service's log once that it cannot. */
  void write(String lines) {
    if (closed) {
      return;
    }
    Optional<Exception> fault = tryWrite(lines);
    if (fault.isPresent() && !failing) {
      LOG.log(Level.ERROR, "the access log cannot be written, and is tried again", fault.get());
    } else if (fault.isEmpty() && failing) {
      LOG.log(Level.INFO, "the access log is written again");
    }
    failing = fault.isPresent();
  }

  private Optional<Exception> tryWrite(String lines) {
    try {
      FileHandler handler = files.isPresent() ? files.get() : open();
      files = Optional.of(handler);
      handler.publish(new LogRecord(java.util.logging.Level.INFO, lines));
    } catch (IOException e) {
      return Optional.of(e);
    }
    Optional<Exception> fault = faults.take();
    if (fault.isPresent()) {
      // After a rotation that failed it would be silent for ever.
      end();
    }
    return fault;
  }

  private void end() {
    files.ifPresent(FileHandler::close);
    files = Optional.empty();
  }

  @Override
  public void close() {
    end();
    closed = true;
  }

  /** A handler tells nobody else what it could not do. */
  private static final class Faults extends ErrorManager {
    private Optional<Exception> newest = Optional.empty();

    @Override
    public synchronized void error(@Nullable String message, @Nullable Exception e, int code) {
      newest = Optional.of(e == null ? new IOException(message) : e);
    }

    synchronized Optional<Exception> take() {
      Optional<Exception> taken = newest;
      newest = Optional.empty();
      return taken;
    }
  }

  /** They are lines already. */
  private static final class Lines extends Formatter {
    @Override
    public String format(LogRecord together) {
      return together.getMessage();
    }
  }
}
