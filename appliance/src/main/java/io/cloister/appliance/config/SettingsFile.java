package io.cloister.appliance.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.appliance.config.Settings.AccessLog;
import io.cloister.appliance.config.Settings.Limits;
import io.cloister.appliance.config.Settings.Listener;
import io.cloister.appliance.config.Settings.Listeners;
import io.cloister.appliance.config.Settings.Scrub;
import io.cloister.appliance.config.SettingsRefused.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The file cloister.yaml, checked as a whole. */
public final class SettingsFile {
  private static final int FILE_BYTES_MAX = 1 << 20;
  private static final int PORT_MAX = 65_535;
  private static final long REQUEST_BYTES_MAX = 1L << 30;
  private static final int HOURS_MAX = 8_760;
  private static final int MIB_BITS = 20;
  private static final int ACCESS_LOG_MIB_MAX = 8_000;
  private static final Pattern ADDRESS = Pattern.compile("[0-9A-Za-z.:%_-]{1,255}");

  /** The machine's own; a name could come to mean another. */
  private static final Pattern LOOPBACK = Pattern.compile("127\\.[0-9.]{1,11}|::1");

  private SettingsFile() {}

  public static Settings read(Path file) throws SettingsRefused {
    try {
      return parse(Documents.read(file, FILE_BYTES_MAX));
    } catch (IOException e) {
      throw new SettingsRefused(List.of(new Fault(file.toString(), "cannot be read: " + e)));
    }
  }

  /** An empty document means the defaults. */
  public static Settings parse(byte[] yaml) throws SettingsRefused {
    List<Fault> faults = new ArrayList<>();
    Settings settings = settings(tree(yaml), faults);
    Listener inference = settings.listeners().inference();
    Listener console = settings.listeners().console();
    if (inference.port() != 0 && inference.port() == console.port()) {
      faults.add(
          new Fault("listeners.console.port", "is the inference port too: " + console.port()));
    }
    if (!faults.isEmpty()) {
      throw new SettingsRefused(faults);
    }
    return settings;
  }

  private static JsonNode tree(byte[] yaml) throws SettingsRefused {
    try {
      return Documents.parseYaml(yaml);
    } catch (JsonProcessingException e) {
      String where = "line " + (e.getLocation() == null ? "?" : e.getLocation().getLineNr());
      throw new SettingsRefused(
          List.of(new Fault(where, "is not YAML as expected: " + e.getOriginalMessage())));
    } catch (IOException e) {
      throw new SettingsRefused(List.of(new Fault("(file)", "cannot be parsed: " + e)));
    }
  }

  private static Settings settings(JsonNode tree, List<Fault> faults) {
    Settings defaults = Settings.defaults();
    Fields top = Fields.of("", tree, Set.of("listeners", "limits", "scrub", "access_log"), faults);
    Fields listeners = top.child("listeners", Set.of("inference", "console"));
    return new Settings(
        new Listeners(
            inference(
                listeners.child("inference", Set.of("address", "port", "tls")),
                defaults.listeners().inference()),
            listener(
                listeners.child("console", Set.of("address", "port")),
                defaults.listeners().console())),
        limits(
            top.child("limits", Set.of("request_bytes", "queue_per_model", "request_seconds")),
            defaults.limits()),
        scrub(top.child("scrub", Set.of("hours", "mib_per_second")), defaults.scrub()),
        accessLog(top.child("access_log", Set.of("mib")), defaults.accessLog()));
  }

  private static Listener inference(Fields fields, Listener absent) {
    Listener listener = listener(fields, absent);
    boolean tls = fields.flag("tls", absent.tls());
    if (!tls && !LOOPBACK.matcher(listener.address()).matches()) {
      fields
          .faults()
          .add(
              new Fault(
                  fields.at("tls"),
                  "is false, and tokens would be read on the network: only with the address"
                      + " 127.0.0.1 or \"::1\""));
    }
    return new Listener(listener.address(), listener.port(), tls);
  }

  private static Listener listener(Fields fields, Listener absent) {
    String address = fields.text("address", absent.address());
    if (!ADDRESS.matcher(address).matches()) {
      fields.faults().add(new Fault(fields.at("address"), "is not an address: " + address));
    }
    return new Listener(address, (int) fields.whole("port", absent.port(), 0, PORT_MAX));
  }

  private static Limits limits(Fields fields, Limits absent) {
    return new Limits(
        fields.whole("request_bytes", absent.requestBytes(), 1024, REQUEST_BYTES_MAX),
        (int) fields.whole("queue_per_model", absent.queuePerModel(), 1, 100_000),
        Duration.ofSeconds(
            fields.whole("request_seconds", absent.requestTime().toSeconds(), 1, 86_400)));
  }

  private static Scrub scrub(Fields fields, Scrub absent) {
    return new Scrub(
        Duration.ofHours(fields.whole("hours", absent.period().toHours(), 0, HOURS_MAX)),
        fields.whole("mib_per_second", absent.bytesPerSecond() >> MIB_BITS, 1, 4096) << MIB_BITS);
  }

  private static AccessLog accessLog(Fields fields, AccessLog absent) {
    return new AccessLog((int) fields.whole("mib", absent.mebibytes(), 0, ACCESS_LOG_MIB_MAX));
  }

  /** The settings as they take effect, as YAML that {@link #parse} reads back. */
  public static String print(Settings settings) {
    Limits limits = settings.limits();
    return """
        listeners:
          inference: {address: "%s", port: %d, tls: %b}
          console: {address: "%s", port: %d}
        limits: {request_bytes: %d, queue_per_model: %d, request_seconds: %d}
        scrub: {hours: %d, mib_per_second: %d}
        access_log: {mib: %d}
        """
        .formatted(
            settings.listeners().inference().address(),
            settings.listeners().inference().port(),
            settings.listeners().inference().tls(),
            settings.listeners().console().address(),
            settings.listeners().console().port(),
            limits.requestBytes(),
            limits.queuePerModel(),
            limits.requestTime().toSeconds(),
            settings.scrub().period().toHours(),
            settings.scrub().bytesPerSecond() >> MIB_BITS,
            settings.accessLog().mebibytes());
  }

  /** {@link #print} as bytes of a file. */
  public static byte[] encode(Settings settings) {
    return print(settings).getBytes(StandardCharsets.UTF_8);
  }
}
