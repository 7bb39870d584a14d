package io.cloister.appliance.http2;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.http.WritableHeaders;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The head of a request (RFC 9113 §8.2, §8.3).
 *
 * @param contentLength that of its body, where it says so
 */
public record RequestHead(String method, String path, Headers headers, OptionalLong contentLength) {
  private static final Set<String> PSEUDO = Set.of(":method", ":path", ":scheme", ":authority");
  private static final Set<String> OF_A_CONNECTION =
      Set.of("connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade");
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
  private static final Pattern EDGE_SPACE = Pattern.compile("^[ \\t]|[ \\t]$");
  private static final String NO_TOKEN = "\"(),/:;<=>?@[\\]{}";

  /** Empty where the fields are malformed. */
  static Optional<RequestHead> of(List<Field> fields) {
    Map<String, String> pseudo = new HashMap<>();
    WritableHeaders<?> headers = WritableHeaders.create();
    for (Field field : fields) {
      boolean wellFormed =
          field.isPseudo()
              ? headers.size() == 0
                  && PSEUDO.contains(field.name())
                  && pseudo.put(field.name(), field.value()) == null
              : isName(field.name()) && isOfARequest(field);
      if (!wellFormed || !isValue(field.value())) {
        return Optional.empty();
      }
      if (!field.isPseudo()) {
        headers.add(HeaderValues.create(HeaderNames.create(field.name()), field.value()));
      }
    }
    String method = pseudo.get(":method");
    String path = pseudo.get(":path");
    if (method == null || path == null || path.isEmpty() || !pseudo.containsKey(":scheme")) {
      return Optional.empty();
    }
    return length(fields).map(length -> new RequestHead(method, path, headers, length));
  }

  /** RFC 9113 §8.2.2. */
  private static boolean isOfARequest(Field field) {
    return !OF_A_CONNECTION.contains(field.name())
        && (!field.name().equals("te") || field.value().equals("trailers"));
  }

  /** Empty where it is no length, or two. */
  private static Optional<OptionalLong> length(List<Field> fields) {
    List<String> lengths =
        fields.stream()
            .filter(field -> field.name().equals("content-length"))
            .map(Field::value)
            .distinct()
            .toList();
    if (lengths.isEmpty()) {
      return Optional.of(OptionalLong.empty());
    }
    return lengths.size() == 1 && LENGTH.matcher(lengths.getFirst()).matches()
        ? Optional.of(OptionalLong.of(Long.parseLong(lengths.getFirst())))
        : Optional.empty();
  }

  private static boolean isName(String name) {
    return !name.isEmpty()
        && name.chars()
            .allMatch(
                c -> c > ' ' && c < 0x7F && !(c >= 'A' && c <= 'Z') && NO_TOKEN.indexOf(c) < 0);
  }

  private static boolean isValue(String value) {
    return value.chars().noneMatch(c -> c == 0 || c == '\r' || c == '\n')
        && !EDGE_SPACE.matcher(value).find();
  }
}
