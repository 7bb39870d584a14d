package io.cloister.installer.support;

import static io.cloister.installer.support.Forms.DIGEST;
import static io.cloister.installer.support.Forms.MESSAGE;
import static io.cloister.installer.support.Forms.NAME;
import static io.cloister.installer.support.Forms.NUMBER;
import static io.cloister.installer.support.Forms.REASON;
import static io.cloister.installer.support.Forms.fields;
import static io.cloister.installer.support.Forms.items;
import static io.cloister.installer.support.Forms.named;

import java.util.regex.Pattern;

/** The allow-lists, one for each document that is collected. */
final class Documents {
  /** Addresses only: a host name is the customer's. */
  private static final Allowed address =
      new Allowed.Text(Pattern.compile("(?:[0-9a-fA-F.:\\[\\]%]{1,60}|localhost)(?::\\d{1,5})?"));

  private static final Allowed provenance =
      fields("targets_version", NUMBER, "signed_at", NAME, "keyids", items(DIGEST));

  private static final Allowed installed =
      fields(
          "name", NAME,
          "version", NAME,
          "platform", NAME,
          "manifest_sha256", DIGEST,
          "folder", new Allowed.Text(Pattern.compile("[A-Za-z0-9._+@/-]{1,255}")),
          "provenance", provenance);

  static final Allowed deployment =
      fields(
          "format", NUMBER,
          "generation", NUMBER,
          "installed_at", NAME,
          "release", installed,
          "models", items(installed));

  private static final Allowed slot =
      fields("state", NAME, "deployment", deployment, "reason", REASON);

  static final Allowed slots =
      fields("format", NUMBER, "active", NAME, "slots", fields("a", slot, "b", slot));

  private static final Allowed listener = fields("address", address, "port", NUMBER, "tls", NUMBER);

  static final Allowed settings =
      fields(
          "listeners", fields("inference", listener, "console", listener),
          "limits",
              fields("request_bytes", NUMBER, "queue_per_model", NUMBER, "request_seconds", NUMBER),
          "scrub", fields("hours", NUMBER, "mib_per_second", NUMBER),
          "access_log", fields("mib", NUMBER));

  /** Values and forms of the vendor's own tensors: numbers, or a datatype and a shape. */
  private static final Allowed value =
      new Allowed.Text(
          Pattern.compile(
              "-?[0-9.eE+-]{1,40}|NaN|-?Infinity|true|false"
                  + "|(?:[A-Z0-9]{1,8}|shape|first dimension) [\\[\\]0-9,]{1,200}"));

  private static final Allowed acceptance =
      fields(
          "name", NAME,
          "version", NAME,
          "manifest_sha256", DIGEST,
          "accepted", NUMBER,
          "at", NAME,
          "reason", REASON,
          "rows", NUMBER,
          "rows_asked", NUMBER,
          "rows_failed", NUMBER,
          "median_ms", NUMBER,
          "batch", fields("says", NAME, "rows", NUMBER, "tolerance", NUMBER, "difference", NUMBER),
          "accuracy",
              fields(
                  "labels", NUMBER,
                  "right", NUMBER,
                  "against", NAME,
                  "right_against", NUMBER,
                  "not_compared", REASON),
          "faults",
              items(
                  fields(
                      "row", NUMBER,
                      "batched", NUMBER,
                      "kind", NAME,
                      "output", NAME,
                      "element", NUMBER,
                      "expected", value,
                      "got", value,
                      "tolerance", NUMBER,
                      "median_ms", NUMBER,
                      "latency_ms_max", NUMBER,
                      "reason", REASON)));

  static final Allowed acceptances = fields("reports", items(acceptance));

  private static final Allowed runSettings =
      fields(
          "words", REASON,
          "values",
              fields(
                  "runs", NUMBER,
                  "intra_op_threads", NUMBER,
                  "spinning", NUMBER,
                  "disabled_optimizers", items(NAME),
                  "max_rows", NUMBER),
          "tuned_at", NAME,
          "unused", REASON);

  static final Allowed status =
      fields(
          "ready", NUMBER,
          "release", NAME,
          "generation", NUMBER,
          "wanted_generation", NUMBER,
          "refused", fields("model", NAME, "version", NAME, "reason", REASON),
          "started_at", NAME,
          "models",
              items(
                  fields(
                      "name", NAME,
                      "version", NAME,
                      "state", NAME,
                      // What its worker printed at its end may be in it, and that of a request.
                      "reason", MESSAGE,
                      "active", NUMBER,
                      "pid", NUMBER,
                      "restarts", NUMBER,
                      "settings", runSettings,
                      "acceptance", acceptance)),
          "scrub",
              fields(
                  "hours", NUMBER,
                  "running", NUMBER,
                  "passes", NUMBER,
                  "last_pass_at", NAME,
                  "failed_at", NAME,
                  "failure", MESSAGE,
                  "bytes", NUMBER,
                  "fault_count", NUMBER,
                  "faults", items(fields("package", NAME, "offset", NUMBER, "at", NAME))),
          "listeners", fields("inference", address, "console", address),
          "certificate_sha256", DIGEST);

  static final Allowed metrics =
      fields(
          "models",
              items(
                  fields(
                      "name", NAME,
                      "version", NAME,
                      "requests", NUMBER,
                      "failures", named(NUMBER),
                      "restarts", NUMBER,
                      "queue", NUMBER,
                      "latency_ms", named(NUMBER))),
          "responses", named(named(NUMBER)),
          "scrub", named(NUMBER),
          "memory", named(NUMBER));

  private Documents() {}
}
