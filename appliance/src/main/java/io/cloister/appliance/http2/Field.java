package io.cloister.appliance.http2;

/** A header field: name and value, each byte of them one character (RFC 7541 §1.3). */
public record Field(String name, String value) {
  private static final int OVERHEAD = 32;

  /** Whether it says what a request line would (RFC 9113 §8.3). */
  boolean isPseudo() {
    return name.startsWith(":");
  }

  /** As both RFC 7541 §4.1 and RFC 9113 §6.5.2 count it. */
  int size() {
    return name.length() + value.length() + OVERHEAD;
  }
}
