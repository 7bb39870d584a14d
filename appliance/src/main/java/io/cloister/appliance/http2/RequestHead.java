package io.cloister.appliance.http2;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.http.WritableHeaders;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The head of a request (RFC 9113 §8.2, §8.3). */
public record RequestHead(String method, String path, Headers headers) {
  private static final Set<String> PSEUDO = Set.of(":method", ":path", ":scheme", ":authority");
  private static final Set<String> OF_A_CONNECTION =
      Set.of("connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade");
  private static final String NO_TOKEN = "\"(),/:;<=>?@[\\]{}";

  /** Empty where the fields are malformed. */
  static Optional<RequestHead> of(List<Field> fields) {
    Map<String, String> pseudo = new HashMap<>();
    WritableHeaders<?> headers = WritableHeaders.create();
    for (Field field : fields) {
      boolean isPseudo = field.name().startsWith(":");
      boolean wellFormed =
          isPseudo
              ? headers.size() == 0
                  && PSEUDO.contains(field.name())
                  && pseudo.put(field.name(), field.value()) == null
              : isName(field.name()) && !OF_A_CONNECTION.contains(field.name());
      if (!wellFormed || !isValue(field.value())) {
        return Optional.empty();
      }
      if (!isPseudo) {
        headers.add(HeaderValues.create(HeaderNames.create(field.name()), field.value()));
      }
    }
    String method = pseudo.get(":method");
    String path = pseudo.get(":path");
    return method == null || path == null || path.isEmpty() || !pseudo.containsKey(":scheme")
        ? Optional.empty()
        : Optional.of(new RequestHead(method, path, headers));
  }

  private static boolean isName(String name) {
    return !name.isEmpty()
        && name.chars()
            .allMatch(
                c -> c > ' ' && c < 0x7F && !(c >= 'A' && c <= 'Z') && NO_TOKEN.indexOf(c) < 0);
  }

  private static boolean isValue(String value) {
    return value.chars().noneMatch(c -> c == 0 || c == '\r' || c == '\n');
  }
}
