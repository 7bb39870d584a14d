package io.cloister.appliance.oip;

import io.helidon.http.HttpException;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongFunction;

/** A request's body that ends with an answer, not with a full memory, at the limit. */
public final class RequestBody {
  private RequestBody() {}

  static String tooLarge(long bytesMax) {
    return ("the request body is longer than the %d bytes this appliance takes"
            + " (limits.request_bytes in cloister.yaml); send fewer rows at a time")
        .formatted(bytesMax);
  }

  /** An inference request's body, whose limit is a setting. */
  static InputStream open(ServerRequest request, long bytesMax) {
    return open(request, bytesMax, RequestBody::tooLarge);
  }

  /**
   * Refuses with 413 at once when the length is declared, else where the limit is passed.
   *
   * @param words what the refusal says of the limit
   */
  public static InputStream open(ServerRequest request, long bytesMax, LongFunction<String> words) {
    if (request.headers().contentLength().orElse(0) > bytesMax) {
      throw refusal(bytesMax, words);
    }
    if (!request.content().hasEntity()) {
      return InputStream.nullInputStream();
    }
    return new Limited(request.content().inputStream(), bytesMax, words);
  }

  private static HttpException refusal(long bytesMax, LongFunction<String> words) {
    return new HttpException(words.apply(bytesMax), Status.REQUEST_ENTITY_TOO_LARGE_413, true);
  }

  private static final class Limited extends FilterInputStream {
    private final long bytesMax;
    private final LongFunction<String> words;
    private long count;

    Limited(InputStream in, long bytesMax, LongFunction<String> words) {
      super(in);
      this.bytesMax = bytesMax;
      this.words = words;
    }

    @Override
    public int read() throws IOException {
      int next = super.read();
      count(next < 0 ? 0 : 1);
      return next;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int got = super.read(buffer, offset, length);
      count(Math.max(0, got));
      return got;
    }

    private void count(int bytes) {
      count += bytes;
      if (count > bytesMax) {
        throw refusal(bytesMax, words);
      }
    }
  }
}
