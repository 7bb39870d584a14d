package io.cloister.installer.support;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import java.util.Locale;

/** What must never leave a machine; made up, and easy to find. */
final class Seeds {
  static final String TOKEN = "clst_8fK2mQv9Lr3XwZ0aB1cD";
  static final String PASSWORD = "hunter2-correct-horse";
  static final String SESSION = "Zm9vYmFyLXNlc3Npb24";
  static final String KEY = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7";
  static final String PEM =
      "-----BEGIN PRIVATE KEY-----\n" + KEY + "\nq83vEjRW\n-----END PRIVATE KEY-----";
  static final String HEX = "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8";
  static final String PAYLOAD = "the patient has diabetes";

  /** What a caller may choose: the id of a request, the name of a model, a method of HTTP. */
  static final String CALLER = "MRN-4711-Mueller-Hans";

  private static final List<String> never =
      List.of(
          "8fk2mqv9",
          "hunter2",
          "zm9vymfylxnlc3",
          "miievqibad",
          "q83vejrw",
          "5e884898da2804",
          "diabetes",
          "patient",
          "begin private",
          "mrn-4711",
          "mueller",
          "horse");

  private Seeds() {}

  /** Those found in the bytes, whatever their case. */
  static List<String> in(byte[] bytes) {
    String text = new String(bytes, ISO_8859_1).toLowerCase(Locale.ROOT);
    return never.stream().filter(text::contains).toList();
  }
}
