package io.cloister.repo.keys;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A key on a PKCS#11 token (RFC 7512), e.g. {@code
 * pkcs11:token=Vendor;object=root?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:pin}.
 *
 * @param token what must be true of the token, by attribute: {@code token}, {@code serial}, {@code
 *     manufacturer}, {@code model}
 * @param object the label of the key and its certificate
 * @param module the library of the token's maker
 * @param pinSource a file that holds the PIN; without it a person is asked
 */
public record TokenUri(
    Map<String, String> token, String object, Path module, Optional<Path> pinSource) {
  private static final String SCHEME = "pkcs11:";
  private static final Set<String> TOKEN = Set.of("token", "serial", "manufacturer", "model");

  public TokenUri {
    token = Map.copyOf(token);
  }

  /** Whether a word on the command line is meant as such a URI. */
  public static boolean isTokenUri(String text) {
    return text.startsWith(SCHEME);
  }

  /** Throws IllegalArgumentException with the reason. An attribute is never passed over. */
  public static TokenUri parse(String text) {
    String rest = text.substring(SCHEME.length());
    int mark = rest.indexOf('?');
    Map<String, String> path = attributes(mark < 0 ? rest : rest.substring(0, mark), ";");
    Map<String, String> query = attributes(mark < 0 ? "" : rest.substring(mark + 1), "&");
    String object = required(path, "object");
    path.remove("object");
    if (!"private".equals(path.getOrDefault("type", "private"))) {
      throw new IllegalArgumentException("type is not private");
    }
    path.remove("type");
    Path module = Path.of(required(query, "module-path"));
    query.remove("module-path");
    Optional<Path> pin = Optional.ofNullable(query.remove("pin-source")).map(TokenUri::file);
    if (query.containsKey("pin-value")) {
      throw new IllegalArgumentException(
          "a PIN on the command line is seen by all; use pin-source");
    }
    path.keySet().stream()
        .filter(name -> !TOKEN.contains(name))
        .findFirst()
        .ifPresent(TokenUri::refuse);
    query.keySet().stream().findFirst().ifPresent(TokenUri::refuse);
    if (path.isEmpty()) {
      throw new IllegalArgumentException("it names no token: token, serial, manufacturer or model");
    }
    return new TokenUri(path, object, module, pin);
  }

  private static void refuse(String attribute) {
    throw new IllegalArgumentException("the attribute %s is not known here".formatted(attribute));
  }

  private static Map<String, String> attributes(String text, String separator) {
    Map<String, String> attributes = new LinkedHashMap<>();
    for (String each : text.isEmpty() ? new String[0] : text.split(separator, -1)) {
      int equal = each.indexOf('=');
      String name = equal < 0 ? each : each.substring(0, equal);
      if (equal < 1 || attributes.put(name, decoded(each.substring(equal + 1))) != null) {
        throw new IllegalArgumentException("not name=value, each name once: " + each);
      }
    }
    return attributes;
  }

  /** RFC 3986 §2.1; a plus sign is itself. */
  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static String required(Map<String, String> attributes, String name) {
    String value = attributes.getOrDefault(name, "");
    if (value.isEmpty()) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return value;
  }

  /** RFC 7512 §2.4: a URI of a file, or its absolute path. */
  private static Path file(String source) {
    String path = source.startsWith("file:") ? source.substring("file:".length()) : source;
    if (path.startsWith("|")) {
      throw new IllegalArgumentException("pin-source names a program; none is run");
    }
    return Path.of(path.startsWith("//") ? path.substring(2) : path);
  }
}
