package io.cloister.installer.support;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** The forms that values of our own documents have. */
final class Forms {
  /** A name or version, as package manifests spell them, or an RFC 3339 time. */
  static final Allowed NAME = new Allowed.Text(Pattern.compile("[A-Za-z0-9._+@:-]{1,128}"));

  /** SHA-256 in hex, plain or with colons. */
  static final Allowed DIGEST =
      new Allowed.Digest(Pattern.compile("(?i)[0-9a-f]{64}|[0-9a-f]{2}(?::[0-9a-f]{2}){31}"));

  static final Allowed NUMBER = new Allowed.Scalar();

  /** Words of our own code. */
  static final Allowed REASON = new Allowed.Reason();

  /** A log message. */
  static final Allowed MESSAGE = new Allowed.Message();

  /** A stack trace. */
  static final Allowed STACK = new Allowed.Stack();

  private Forms() {}

  /** Keys and forms in turn. */
  static Allowed fields(Object... keysAndForms) {
    Map<String, Allowed> byKey = new LinkedHashMap<>();
    for (int i = 0; i < keysAndForms.length; i += 2) {
      byKey.put((String) keysAndForms[i], (Allowed) keysAndForms[i + 1]);
    }
    return new Allowed.Fields(byKey);
  }

  static Allowed items(Allowed each) {
    return new Allowed.Items(each);
  }

  static Allowed named(Allowed each) {
    return new Allowed.Named(Pattern.compile("[A-Za-z0-9_]{1,40}"), each);
  }
}
