package io.cloister.appliance.observe;

import io.cloister.appliance.http.JsonText;
import io.cloister.appliance.http.RequestDefect;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * The log: one JSON object a line, times in RFC 3339. What the parts and the libraries say through
 * {@link System.Logger} comes here too. Payloads, tokens and header values are never logged.
 */
public final class JsonLog extends Handler {
  private final PrintStream out;
  private final SimpleFormatter words = new SimpleFormatter();

  public JsonLog(PrintStream out) {
    this.out = out;
    setLevel(Level.INFO);
  }

  /** The process's only log from now on, to its very end; made before there is any other. */
  public static JsonLog ofThisProcess(PrintStream out) {
    System.setProperty("java.util.logging.manager", LastingLogs.class.getName());
    JsonLog log = new JsonLog(out);
    LogManager logs = LogManager.getLogManager();
    logs.reset();
    Logger root = Logger.getLogger("");
    root.setLevel(Level.INFO);
    root.addHandler(log);
    if (logs instanceof LastingLogs lasting) {
      lasting.settle();
    }
    return log;
  }

  /** Libraries are only heard when something is wrong: what they do well is not news. */
  private static boolean worthALine(LogRecord record) {
    return record.getLevel().intValue() >= Level.WARNING.intValue()
        || String.valueOf(record.getLoggerName()).startsWith("io.cloister.");
  }

  /** Something that happened, by a stable name, with its fields. */
  public void event(String event, JsonText.Content fields) {
    line(
        Instant.now(),
        "info",
        json -> {
          json.writeStringField("event", event);
          fields.write(json);
        });
  }

  @Override
  public void publish(LogRecord record) {
    if (!isLoggable(record) || !worthALine(record)) {
      return;
    }
    line(
        record.getInstant(),
        level(record.getLevel()),
        json -> {
          json.writeStringField("event", "message");
          json.writeStringField("logger", record.getLoggerName());
          json.writeStringField("message", words.formatMessage(record));
          if (record.getThrown() instanceof RequestDefect defect) {
            json.writeStringField("request_id", defect.requestId());
          }
          if (record.getThrown() != null) {
            json.writeStringField("exception", trace(record.getThrown()));
          }
        });
  }

  private void line(Instant time, String level, JsonText.Content fields) {
    byte[] object =
        JsonLine.of(
            json -> {
              json.writeStringField("time", time.truncatedTo(ChronoUnit.MICROS).toString());
              json.writeStringField("level", level);
              fields.write(json);
            });
    synchronized (out) {
      out.write(object, 0, object.length);
      out.write('\n');
      out.flush();
    }
  }

  private static String level(Level level) {
    if (level.intValue() >= Level.SEVERE.intValue()) {
      return "error";
    }
    return level.intValue() >= Level.WARNING.intValue() ? "warning" : "info";
  }

  private static String trace(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  @Override
  public void flush() {
    out.flush();
  }

  @Override
  public void close() {
    out.flush();
  }
}
