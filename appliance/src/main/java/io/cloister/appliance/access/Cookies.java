package io.cloister.appliance.access;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads request cookies (RFC 6265 §4.2). */
final class Cookies {
  private Cookies() {}

  static Optional<String> find(Map<String, List<String>> headers, String name) {
    String start = name + "=";
    return headers.getOrDefault("Cookie", List.of()).stream()
        .flatMap(line -> Stream.of(line.split(";", -1)))
        .map(String::strip)
        .filter(pair -> pair.startsWith(start))
        .map(pair -> pair.substring(start.length()))
        .findFirst();
  }
}
