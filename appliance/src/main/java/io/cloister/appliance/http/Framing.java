package io.cloister.appliance.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpException;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;

/**
 * Refuses a request whose end two readers could see in different places, and closes the connection:
 * behind a proxy it could carry a second request in its body (RFC 9112 §6.1, §6.3, §11.2).
 */
public final class Framing implements Handler {
  private static final int DIGITS_MAX = 18;

  @Override
  public void handle(ServerRequest request, ServerResponse response) {
    List<String> lengths = values(request, HeaderNames.CONTENT_LENGTH);
    List<String> codings = values(request, HeaderNames.TRANSFER_ENCODING);
    boolean plain =
        codings.isEmpty()
            ? lengths.size() <= 1 && lengths.stream().allMatch(Framing::isLength)
            : lengths.isEmpty()
                && codings.size() == 1
                && "chunked".equalsIgnoreCase(codings.get(0));
    if (!plain) {
      throw refusal(
          "the length of the body is in doubt: Content-Length %s, Transfer-Encoding %s; send one"
                  .formatted(lengths, codings)
              + " Content-Length, or Transfer-Encoding: chunked");
    }
    if (!codings.isEmpty() && !Method.POST.equals(request.prologue().method())) {
      throw refusal("only a POST has a chunked body here");
    }
    response.next();
  }

  private static HttpException refusal(String message) {
    return new HttpException(message, Status.BAD_REQUEST_400, false);
  }

  private static List<String> values(ServerRequest request, HeaderName name) {
    return request.headers().contains(name) ? request.headers().get(name).allValues() : List.of();
  }

  private static boolean isLength(String value) {
    return !value.isEmpty()
        && value.length() <= DIGITS_MAX
        && value.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
