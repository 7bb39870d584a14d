package io.cloister.appliance.oip.grpc;

import io.cloister.appliance.http2.Field;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How a refusal is told over gRPC: the words of REST, in trailers. */
final class GrpcErrors {
  private static final int MESSAGE_BYTES_MAX = 2_000;
  private static final int MILLIS_PER_SECOND = 1_000;

  private GrpcErrors() {}

  static List<Field> trailers(HttpException e) {
    List<Field> trailers = new ArrayList<>();
    trailers.add(new Field("grpc-status", String.valueOf(GrpcCode.of(e.status()).number())));
    trailers.add(new Field("grpc-message", percentEncoded(words(e))));
    Optional<String> seconds = e.headers().first(HeaderNames.RETRY_AFTER);
    if (seconds.isPresent()) {
      trailers.add(new Field("retry-after", seconds.get()));
      // What clients with a retry policy look at (gRPC, "A6: Client Retries").
      long millis = Long.parseLong(seconds.get()) * MILLIS_PER_SECOND;
      trailers.add(new Field("grpc-retry-pushback-ms", String.valueOf(millis)));
    }
    return trailers;
  }

  static String words(HttpException e) {
    return e.getMessage() == null ? e.status().reasonPhrase() : e.getMessage();
  }

  /** gRPC over HTTP2: Percent-Encoded. */
  private static String percentEncoded(String message) {
    byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < Math.min(bytes.length, MESSAGE_BYTES_MAX); i++) {
      byte next = bytes[i];
      if (next >= ' ' && next <= '~' && next != '%') {
        text.append((char) next);
      } else {
        text.append("%%%02X".formatted(next & 0xFF));
      }
    }
    return text.toString();
  }
}
